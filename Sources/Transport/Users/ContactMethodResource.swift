internal import Domain
internal import Hummingbird
internal import Store

/// /api/v1/contact-methods. Whoever may not edit a person does not see the person's addresses either.
struct ContactMethodResource: Resource {
    static let path = "contact-methods"
    static let noun = "contact method"
    static let door = Access.needs(.read)

    struct Delivery: Encodable {
        let at, state: String
        let fault: String?
    }

    struct Answer: Encodable {
        let id, userId, channel, address, label: String
        let isEnabled: Bool
        let verifiedAt: String?
        /// What became of the latest page to it.
        let lastDelivery: Delivery?
    }

    func all(_ configuration: Configuration, _ query: Query) throws -> [ContactMethod] {
        let user = (query["user"] ?? query["user_id"]).map { UserID(String($0)) }
        return configuration.contactMethods.values.filter { user == nil || $0.userID == user }
    }

    func blank(_ id: ContactMethodID, _ caller: Caller, _ configuration: Configuration) -> ContactMethod {
        ContactMethod(id: id, userID: caller.user.id, channel: .email, address: "")
    }

    func read(
        _ reader: inout FieldReader, into method: inout ContactMethod, isNew: Bool, _ configuration: Configuration
    ) throws {
        let before = method
        if isNew { reader.read("user_id", into: &method.userID) } else { reader.ignore("user_id") }
        reader.read("channel", into: &method.channel)
        reader.read("address", into: &method.address)
        reader.read("label", into: &method.label)
        reader.read("is_enabled", into: &method.isEnabled)
        reader.ignore("id", "verified_at", "last_delivery")
        if isNew { reader.require("channel", "address") }
        method.address = method.channel.definition.address.normalized(method.address)
        // A new address is proved anew.
        if method.address != before.address || method.channel != before.channel { method.verifiedAt = nil }
    }

    func permissions(from old: ContactMethod?, to new: ContactMethod?, _ configuration: Configuration) -> [Permission] {
        [old, new].compactMap { $0.map { .edit($0.userID) } }
    }

    func saving(_ method: ContactMethod, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        [.saveContactMethod(method)]
    }

    func deleting(_ method: ContactMethod, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        [.deleteContactMethod(method.id)]
    }

    func isVisible(_ method: ContactMethod, to caller: Caller, _ configuration: Configuration) -> Bool {
        configuration.allows(caller.user.id, .edit(method.userID))
    }

    func answer(_ method: ContactMethod, _ configuration: Configuration, _ services: Services) async throws -> Answer {
        let last = try await services.store.lastPage(to: method.id)
        return Answer(
            id: method.id.rawValue, userId: method.userID.rawValue, channel: method.channel.rawValue,
            address: method.address, label: method.label, isEnabled: method.isEnabled,
            verifiedAt: method.verifiedAt?.rfc3339,
            lastDelivery: last.map {
                Delivery(
                    at: ($0.finishedAt ?? $0.sentAt ?? $0.queuedAt).rfc3339, state: $0.page.state.rawValue,
                    fault: $0.page.fault)
            })
    }
}
