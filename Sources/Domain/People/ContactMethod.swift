/// One address of one person.
package struct ContactMethod: Sendable, Hashable, Identifiable {
    package let id: ContactMethodID
    package var userID: UserID
    package var channel: Channel
    /// E.164 with its plus for telephones, an address for e-mail, an https URL for a webhook.
    package var address: String
    package var label: String
    package var isEnabled: Bool
    /// When its owner proved that messages arrive; an unverified method is not paged for incidents.
    package var verifiedAt: Timestamp?

    package init(
        id: ContactMethodID, userID: UserID, channel: Channel, address: String, label: String = "",
        isEnabled: Bool = true, verifiedAt: Timestamp? = nil
    ) {
        self.id = id
        self.userID = userID
        self.channel = channel
        self.address = address
        self.label = label
        self.isEnabled = isEnabled
        self.verifiedAt = verifiedAt
    }

    /// Whether incidents may be paged to it.
    package var isUsable: Bool { isEnabled && verifiedAt != nil }
}

/// A person's wish: for this urgency, after this delay, over this contact method.
package struct NotificationRule: Sendable, Hashable, Identifiable {
    package let id: NotificationRuleID
    package var userID: UserID
    package var urgency: Urgency
    /// From the moment the person's turn came, 0 to 24 hours.
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
