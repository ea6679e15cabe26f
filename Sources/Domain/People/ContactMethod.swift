/// One address of a person.
package struct ContactMethod: Sendable, Hashable, Identifiable {
    package let id: ContactMethodID
    package var userID: UserID
    package var channel: Channel
    /// An E.164 number with its plus for phones, an e-mail address, or an https URL for a webhook.
    package var address: String
    package var label: String
    package var isEnabled: Bool
    /// When the owner proved that messages arrive. Incidents never page an unverified method.
    package var verifiedAt: Timestamp?
    /// What a webhook gets. Empty for other channels.
    package var body: BodyTemplate

    package init(
        id: ContactMethodID, userID: UserID, channel: Channel, address: String, label: String = "",
        isEnabled: Bool = true, verifiedAt: Timestamp? = nil, body: BodyTemplate = BodyTemplate()
    ) {
        self.id = id
        self.userID = userID
        self.channel = channel
        self.address = address
        self.label = label
        self.isEnabled = isEnabled
        self.verifiedAt = verifiedAt
        self.body = body
    }

    /// Whether incidents may page it.
    package var isUsable: Bool { isEnabled && verifiedAt != nil }
}

/// A person's rule to be paged at an urgency, after a delay, over one contact method.
package struct NotificationRule: Sendable, Hashable, Identifiable {
    package let id: NotificationRuleID
    package var userID: UserID
    package var urgency: Urgency
    /// Counted from the start of the person's turn. 0 to 24 hours.
    package var delay: Duration
    package var contactMethodID: ContactMethodID

    package init(
        id: NotificationRuleID, userID: UserID, urgency: Urgency, delay: Duration, contactMethodID: ContactMethodID
    ) {
        self.id = id
        self.userID = userID
        self.urgency = urgency
        self.delay = delay
        self.contactMethodID = contactMethodID
    }
}
