package import Domain

extension IdentityProvider {
    /// One provider, and what its word decides.
    package struct Settings: Sendable {
        /// The name in `OIDC_PROVIDERS`, which is part of its addresses. Nil for the provider of `OIDC_ISSUER`.
        package var id: String?
        /// `https://login.example.com/realms/ops`, exactly as the provider writes it.
        package var issuer: String
        package var client: String
        package var secret: Secret
        /// What the button says after “Sign in with”.
        package var name = "the company account"
        package var scopes = "openid email profile"
        /// The lower-case domains of the addresses for which the provider speaks. Nil for all.
        package var domains: Set<String>?
        /// The claim that lists a person's groups.
        package var groupsClaim = "groups"
        /// The groups of each role. If there are none, groups decide nothing.
        package var groups: [Role: Set<String>] = [:]
        /// The groups of each team, by the team's name. These teams' members follow the groups; others stay as they are.
        package var teamGroups: [String: Set<String>] = [:]
        /// Whether people whom PagerPal does not know get a user.
        package var createsUsers = false

        package init(id: String? = nil, issuer: String, client: String, secret: Secret) {
            self.id = id
            self.issuer = issuer
            self.client = client
            self.secret = secret
        }

        /// The highest role of these groups. Nil if they are in none of them.
        package func role(of groups: [String]) -> Role? {
            [Role.admin, .manager, .responder, .viewer].first { role in
                !(self.groups[role] ?? []).isDisjoint(with: groups)
            }
        }

        /// Whether the provider speaks for an address, so that its word finds or creates the address's user.
        package func speaks(for email: String) -> Bool {
            guard let domains else { return true }
            return email.lastIndex(of: "@").map { domains.contains(email[email.index(after: $0)...].lowercased()) }
                ?? false
        }

        /// The variable of this provider in place of the one for a single provider: `OIDC_CORP_ISSUER` for `OIDC_ISSUER`.
        package func variable(_ single: String) -> String { IdentityProvider.variable(single, of: id) }

        /// What a person signs in with, for logs and mails.
        package var account: String { id == nil ? "the company account" : "the company account of \(name)" }

        /// What the browser's proof of a sign-in at this provider is sealed for. No other provider's answer can use it.
        var purpose: String { id.map { "company:\($0)" } ?? "company" }
    }

    /// The variable of a provider in place of the one for a single provider.
    ///
    /// - Parameter id: the name in `OIDC_PROVIDERS`.
    package static func variable(_ single: String, of id: String?) -> String {
        guard let id else { return single }
        return "OIDC_\(id.uppercased().replacing("-", with: "_"))_\(single.dropFirst("OIDC_".count))"
    }
}

/// The sign-in services of companies, in the order of the settings.
package struct IdentityProviders: Sendable {
    package let all: [IdentityProvider]
    /// Whether nobody signs in with a password.
    package let replacePasswords: Bool

    package init(_ all: [IdentityProvider], replacePasswords: Bool) {
        self.all = all
        self.replacePasswords = replacePasswords && !all.isEmpty
    }

    /// The provider with this name in `OIDC_PROVIDERS`, or with nil the one of `OIDC_ISSUER`.
    package subscript(id: String?) -> IdentityProvider? { all.first { $0.settings.id == id } }

    package var issuers: Set<String> { Set(all.map(\.settings.issuer)) }
}
