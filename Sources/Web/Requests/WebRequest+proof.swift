internal import Actors
internal import Domain
internal import Store
internal import Transport

/// The proof that it is still the user who sits there, before something is made that outlives the session.
extension WebRequest {
    /// Whether the user has to prove it first. A proxy that vouches for each request can't be asked for more.
    private var needsProof: Bool { vouched == nil && !services.accounts.isProven(session) }

    /// What a page asks for. Whoever came by a company's sign-in service signs in there again, with the service to whose account
    /// the user belongs.
    ///
    /// - Parameter path: the page, to which the service returns.
    func proof(at path: Path) async throws -> ProofQuestion {
        guard needsProof else { return .none }
        let companies = services.companies
        guard !companies.all.isEmpty, session.isByCompany || companies.replacePasswords else { return .password }
        let own = try await services.store.issuers(of: user.id).intersection(companies.issuers)
        // Nobody knows which one it is before the first sign-in, such as after one by a proxy.
        return .company(
            services.companyButtons(returningTo: path.text, again: true, of: own.isEmpty ? nil : own))
    }

    /// Checks the password or the code that was typed.
    ///
    /// - Returns: nil if it is right, or not needed.
    func proofFault() async throws -> FieldFault? {
        switch try await proof(at: "/dashboard") {
        case .none: return nil
        case .company: return FieldFault("current", "Sign in again first.")
        case .password:
            guard !form["current"].isEmpty else {
                return FieldFault("current", "Type your password: you signed in more than ten minutes ago.")
            }
            return try await services.accounts.prove(
                session, of: user, answer: Secret(form["current"]), from: origin)
        }
    }
}
