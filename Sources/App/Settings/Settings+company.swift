internal import Actors
internal import Domain
internal import Providers

/// The sign-in services of companies (OpenID Connect).
extension Settings {
    private enum Limits {
        static let companies = 8
        /// Characters of a name in `OIDC_PROVIDERS`.
        static let name = 30
    }

    /// Reads the service of `OIDC_ISSUER`, if it is set, and then those that `OIDC_PROVIDERS` names.
    static func companies(_ reader: inout SettingsReader) -> [IdentityProvider.Settings] {
        let ids = companyIDs(&reader)
        let single = company(nil, &reader)
        if single == nil, let first = ids.first { warnOfLostSettings(&reader, first: first) }
        let companies = [single].compactMap(\.self) + ids.compactMap { company($0, &reader) }
        var (issuers, names): (Set<String>, Set<String>) = ([], [])
        for company in companies {
            if !company.issuer.isEmpty, !issuers.insert(company.issuer).inserted {
                reader.fail(
                    company.variable("OIDC_ISSUER"), "another sign-in service has this issuer; each needs its own")
            }
            if !names.insert(company.name).inserted {
                reader.fail(
                    company.variable("OIDC_NAME"),
                    "the button of another sign-in service also says “\(company.name.prefix(100))”; use another name")
            }
            // One of several must not speak for the people of another.
            if companies.count > 1, let id = company.id, reader.text(company.variable("OIDC_EMAIL_DOMAINS")) == nil {
                reader.fail(
                    company.variable("OIDC_EMAIL_DOMAINS"),
                    "name the domains of the addresses for which \(id) speaks, such as example.com, or * for all: "
                        + "its word signs people in as the users with these addresses")
            }
        }
        return companies
    }

    /// Reads the names of `OIDC_PROVIDERS`. They are parts of variables and of addresses.
    private static func companyIDs(_ reader: inout SettingsReader) -> [String] {
        let names = (reader.text("OIDC_PROVIDERS") ?? "").split(separator: ",").map { $0.trimmingBlanks() }
        var ids: [String] = []
        for name in names where !name.isEmpty {
            if name.utf8.count > Limits.name || name.wholeMatch(of: /[a-z0-9]+(-[a-z0-9]+)*/) == nil {
                reader.fail(
                    "OIDC_PROVIDERS",
                    "“\(name.prefix(50))” can't be used; write names of lower-case letters, digits and hyphens, such as "
                        + "corp, partner-2, of at most \(Limits.name) characters")
            } else if name == "back" {
                reader.fail("OIDC_PROVIDERS", "“back” is a part of the services' addresses; use another name")
            } else if ids.contains(name) {
                reader.fail("OIDC_PROVIDERS", "“\(name)” is there twice; write each name once")
            } else {
                ids.append(name)
            }
        }
        if ids.count > Limits.companies {
            reader.fail("OIDC_PROVIDERS", "it has \(ids.count) names; use at most \(Limits.companies)")
        }
        return Array(ids.prefix(Limits.companies))
    }

    /// Reads one service.
    ///
    /// - Parameter id: the name in `OIDC_PROVIDERS`. Nil for the service without one, which is nil if `OIDC_ISSUER` is not set.
    private static func company(_ id: String?, _ reader: inout SettingsReader) -> IdentityProvider.Settings? {
        func variable(_ single: String) -> String { IdentityProvider.variable(single, of: id) }
        let issuer = reader.text(variable("OIDC_ISSUER"))
        let (client, secret) = (reader.text(variable("OIDC_CLIENT_ID")), reader.text(variable("OIDC_CLIENT_SECRET")))
        var settings = IdentityProvider.Settings(
            id: id, issuer: issuer ?? "", client: client ?? "", secret: Secret(secret ?? ""))
        if let name = reader.text(variable("OIDC_NAME")) ?? id { settings.name = name }
        if let scopes = reader.text(variable("OIDC_SCOPES")) { settings.scopes = scopes }
        if let claim = reader.text(variable("OIDC_GROUPS_CLAIM")) { settings.groupsClaim = claim }
        settings.domains = domains(variable("OIDC_EMAIL_DOMAINS"), &reader)
        settings.createsUsers = reader.flag(variable("OIDC_CREATE_USERS"), false)
        for (role, variable) in [
            (Role.admin, variable("OIDC_ADMIN_GROUPS")), (.manager, variable("OIDC_MANAGER_GROUPS")),
            (.responder, variable("OIDC_RESPONDER_GROUPS")), (.viewer, variable("OIDC_VIEWER_GROUPS")),
        ] {
            let groups = (reader.text(variable) ?? "").split(separator: ",").map { $0.trimmingBlanks() }
            if !groups.isEmpty { settings.groups[role] = Set(groups) }
        }
        settings.teamGroups = teamGroups(variable("OIDC_TEAM_GROUPS"), &reader)
        if id != nil, reader.text(variable("OIDC_ONLY")) != nil {
            reader.fail(variable("OIDC_ONLY"), "passwords are on or off for everybody; set OIDC_ONLY in its place")
        }
        if id == nil, issuer == nil { return nil }
        if issuer.map({ !$0.hasPrefix("https://") && !isLoopback($0) }) ?? true {
            reader.fail(
                variable("OIDC_ISSUER"),
                "use the https URL of the sign-in service, exactly as its discovery document writes it")
        }
        if client == nil {
            reader.fail(variable("OIDC_CLIENT_ID"), "set the id that the sign-in service gave PagerPal")
        }
        if secret == nil {
            reader.fail(variable("OIDC_CLIENT_SECRET"), "set the secret that the sign-in service gave PagerPal")
        }
        if !settings.scopes.split(separator: " ").contains("openid") {
            reader.fail(variable("OIDC_SCOPES"), "it must contain openid")
        }
        return settings
    }

    /// Warns of what was perhaps meant for all services.
    private static func warnOfLostSettings(_ reader: inout SettingsReader, first: String) {
        for variable in [
            "OIDC_CLIENT_ID", "OIDC_CLIENT_SECRET", "OIDC_NAME", "OIDC_SCOPES", "OIDC_GROUPS_CLAIM",
            "OIDC_EMAIL_DOMAINS", "OIDC_ADMIN_GROUPS", "OIDC_MANAGER_GROUPS", "OIDC_RESPONDER_GROUPS",
            "OIDC_VIEWER_GROUPS", "OIDC_TEAM_GROUPS", "OIDC_CREATE_USERS",
        ] where reader.text(variable) != nil {
            reader.warn(
                variable,
                "it is for the service of OIDC_ISSUER, which is not set; each service of OIDC_PROVIDERS has its own, "
                    + "such as \(IdentityProvider.variable(variable, of: first))")
        }
    }

    /// Reads `example.com, example.org`. Nil for `*` and for none, which is every domain.
    private static func domains(_ variable: String, _ reader: inout SettingsReader) -> Set<String>? {
        guard let text = reader.text(variable), text != "*" else { return nil }
        let domains = text.split(separator: ",").map { $0.trimmingBlanks().lowercased() }
        if domains.isEmpty || domains.contains(where: { $0.wholeMatch(of: /[^@*\s]+/) == nil }) {
            reader.fail(variable, "write domains such as example.com, separated by commas, or * for all")
        }
        return Set(domains)
    }

    /// Reads `Operations: ops, sre | Network: netops`.
    private static func teamGroups(_ variable: String, _ reader: inout SettingsReader) -> [String: Set<String>] {
        var teams: [String: Set<String>] = [:]
        for entry in (reader.text(variable) ?? "").split(separator: "|") {
            let parts = entry.split(separator: ":", maxSplits: 1).map { $0.trimmingBlanks() }
            let groups = parts.count == 2 ? parts[1].split(separator: ",").map { $0.trimmingBlanks() } : []
            guard !groups.isEmpty, teams.updateValue(Set(groups), forKey: parts[0]) == nil else {
                reader.fail(
                    variable, "write each team once, with its groups: Operations: ops, sre | Network: netops")
                continue
            }
        }
        return teams
    }

    func identityProviders(_ client: CurlClient, time: TimeSource) -> IdentityProviders {
        let send = companySend ?? { request in try await client.perform(request) }
        return IdentityProviders(
            companies.map { IdentityProvider(settings: $0, time: time, send: send) },
            replacePasswords: arePasswordsOff)
    }
}
