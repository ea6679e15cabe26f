/// Who changed what, and when, with the values before and after. Records are never changed or removed.
package struct AuditRecord: Sendable, Hashable, Identifiable {
    package enum Action: String, Sendable, CaseIterable {
        case created, updated, deleted
        /// A change that the value does not show: a password, a key, or an effect on other objects.
        case noted
    }

    package let id: AuditRecordID
    package var at: Timestamp
    package var author: Author
    package var action: Action
    package var subject: ConfigurationSubject
    /// The subject's name at the time of the change.
    package var name: String
    /// JSON without secrets. Nil when there is no value.
    package var before: String?
    package var after: String?
    package var note: String?

    package init(
        id: AuditRecordID, at: Timestamp, author: Author, action: Action, subject: ConfigurationSubject, name: String,
        before: String? = nil, after: String? = nil, note: String? = nil
    ) {
        self.id = id
        self.at = at
        self.author = author
        self.action = action
        self.subject = subject
        self.name = name
        self.before = before
        self.after = after
        self.note = note
    }
}
