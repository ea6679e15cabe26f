internal import Domain
internal import Store

/// Signing in by the word of a trusted proxy.
extension Accounts {
    /// Opens a session for the user with an address. The caller has checked that a trusted proxy vouches for it, and for the second
    /// factor.
    package func signIn(vouched email: String, from origin: Origin) async throws -> SignIn {
        let users = configuration.current.users.values
        guard let user = users.first(where: { $0.email.lowercased() == email.lowercased() }), user.isEnabled,
            !user.isService
        else {
            trail.log("the proxy vouched for somebody who is no user", from: origin.address)
            return .refused
        }
        let (session, key) = try await welcome(user, from: origin, with: "the word of the proxy", byCompany: true)
        return .welcome(session, key: key)
    }
}
