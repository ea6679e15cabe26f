internal import Actors
internal import Domain
internal import Store
internal import Transport

/// The proof that it is still the user who sits there, before something is made that outlives the session.
extension WebRequest {
    /// Whether the user has to prove it first. A proxy that vouches for each request can't be asked for more.
    private var needsProof: Bool { vouched == nil && !services.accounts.isProven(session) }

    /// What a page asks for.
    ///
    /// - Parameter path: the page, to which the company's sign-in service returns.
    func proof(at path: Path) -> ProofQuestion {
        guard needsProof else { return .none }
        guard let company = services.company?.settings, session.isByCompany || company.isOnly else { return .password }
        let again = Path("/login/company").with([("next", path.text), ("again", "1")])
        return .company(again, name: company.name)
    }

    /// Checks the password or the code that was typed.
    ///
    /// - Returns: nil if it is right, or not needed.
    func proofFault() async throws -> FieldFault? {
        switch proof(at: "/dashboard") {
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
