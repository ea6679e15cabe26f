internal import Actors
internal import Providers

extension Doctor {
    /// Asks each company's sign-in service for its endpoints and keys, as a sign-in does.
    func signIn() async -> [Finding] {
        var findings: [Finding] = []
        for provider in settings.identityProviders(CurlClient(), time: time).all {
            let company = provider.settings
            do {
                try await provider.check()
                findings.append(.ok("sign-in", "\(company.issuer) answers (\(company.name))."))
            } catch {
                findings.append(
                    .failed(
                        "sign-in", "Nobody can sign in with \(company.name): \(error).",
                        "Correct \(company.variable("OIDC_ISSUER")), or let this host reach \(company.issuer)."))
            }
        }
        return findings
    }
}
