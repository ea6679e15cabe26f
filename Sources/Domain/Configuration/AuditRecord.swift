/// Who changed what, when, with the values before and after. Records are only ever added.
package struct AuditRecord: Sendable, Hashable, Identifiable {
    package enum Action: String, Sendable, CaseIterable {
        case created, updated, deleted
        /// Something that leaves no trace in the value: a password, a key, a consequence for others.
        case noted
    }

    package let id: AuditRecordID
    package var at: Timestamp
    package var author: Author
    package var action: Action
    package var subject: ConfigurationSubject
    /// The subject's name as it was then.
    package var name: String
    /// JSON without secrets; nil where there is none.
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
