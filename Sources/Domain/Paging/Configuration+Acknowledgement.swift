/// Whether the recipient of a message may acknowledge its incidents without signing in.
package enum AcknowledgementRight: Sendable, Hashable {
    case may(User)
    /// The person's role does not act on incidents.
    case roleMayNot(User)
    /// The person or the contact method that received the message is gone, disabled or has another address.
    case gone
}

extension Configuration {
    /// Judges a link or a key in a call by the configuration of this moment, not of the moment when the page left.
    package func acknowledgement(of page: Page) -> AcknowledgementRight {
        guard let user = users[page.userID], user.isEnabled, let method = contactMethods[page.contactMethodID],
            method.userID == user.id, method.address == page.address, method.isUsable
        else { return .gone }
        return allows(user.id, .respond) ? .may(user) : .roleMayNot(user)
    }
}
