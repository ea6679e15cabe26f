internal import Domain
internal import Formats
internal import HummingbirdCore
internal import Store

/// /api/v1/contact-methods. Only callers who may edit a user see the user's addresses.
struct ContactMethodResource: ConfigurableResource {
    static let door = Access.needs(.read)

    func blank(_ id: ContactMethodID, _ caller: Caller, _ configuration: Configuration) -> ContactMethod {
        ContactMethod(id: id, userID: caller.user.id, channel: .email, address: "")
    }

    func checkNew(by caller: Caller) throws { try caller.requireProof() }

    func check(_ method: ContactMethod, from old: ContactMethod, by caller: Caller, _ services: Services) throws {
        if method.address != old.address || method.channel != old.channel { try caller.requireProof() }
    }

    /// `user` selects a user.
    func matches(_ method: ContactMethod, _ query: Query, _ configuration: Configuration) -> Bool {
        guard let user = query["user"] ?? query["user_id"] else { return true }
        return method.userID == UserID(String(user))
    }

    func isVisible(_ method: ContactMethod, to caller: Caller, _ configuration: Configuration) -> Bool {
        caller.sees(nil) && configuration.allows(caller.user.id, .edit(method.userID))
    }

    /// The result of the latest page to the contact method.
    func details(
        of method: ContactMethod, to caller: Caller, _ configuration: Configuration, _ services: Services
    ) async throws -> [(name: String, value: JSON)] {
        guard let last = try await services.store.lastPage(to: method.id) else { return [] }
        let delivery = JSON.members([
            ("at", (last.finishedAt ?? last.sentAt ?? last.queuedAt).json),
            ("state", .string(last.page.state.rawValue)),
            ("fault", last.page.fault.map { .string($0) } ?? .null),
        ])
        return [("last_delivery", delivery)]
    }
}
