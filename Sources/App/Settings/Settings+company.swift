internal import Actors
internal import Domain
internal import Providers

extension Settings {
    /// Reads the company's sign-in service (OpenID Connect). Nil if `OIDC_ISSUER` is not set.
    static func company(_ reader: inout SettingsReader) -> IdentityProvider.Settings? {
        let issuer = reader.text("OIDC_ISSUER")
        let (client, secret) = (reader.text("OIDC_CLIENT_ID"), reader.text("OIDC_CLIENT_SECRET"))
        var settings = IdentityProvider.Settings(
            issuer: issuer ?? "", client: client ?? "", secret: Secret(secret ?? ""))
        if let name = reader.text("OIDC_NAME") { settings.name = name }
        if let scopes = reader.text("OIDC_SCOPES") { settings.scopes = scopes }
        if let claim = reader.text("OIDC_GROUPS_CLAIM") { settings.groupsClaim = claim }
        settings.createsUsers = reader.flag("OIDC_CREATE_USERS", false)
        settings.isOnly = reader.flag("OIDC_ONLY", false)
        for (role, variable) in [
            (Role.admin, "OIDC_ADMIN_GROUPS"), (.manager, "OIDC_MANAGER_GROUPS"), (.responder, "OIDC_RESPONDER_GROUPS"),
            (.viewer, "OIDC_VIEWER_GROUPS"),
        ] {
            let groups = (reader.text(variable) ?? "").split(separator: ",").map { $0.trimmingBlanks() }
            if !groups.isEmpty { settings.groups[role] = Set(groups) }
        }
        settings.teamGroups = teamGroups(&reader)
        guard let issuer else { return nil }
        if !issuer.hasPrefix("https://"), !isLoopback(issuer) {
            reader.fail(
                "OIDC_ISSUER", "use the https URL of the sign-in service, exactly as its discovery document writes it")
        }
        if client == nil { reader.fail("OIDC_CLIENT_ID", "set the id that the sign-in service gave PagerPal") }
        if secret == nil { reader.fail("OIDC_CLIENT_SECRET", "set the secret that the sign-in service gave PagerPal") }
        if !settings.scopes.split(separator: " ").contains("openid") {
            reader.fail("OIDC_SCOPES", "it must contain openid")
        }
        return settings
    }

    /// Reads the header in which a trusted proxy names who is signed in there. Nil if `PROXY_USER_HEADER` is not set.
    static func proxyUserHeader(_ reader: inout SettingsReader) -> String? {
        guard let header = reader.text("PROXY_USER_HEADER") else { return nil }
        if header.wholeMatch(of: /[A-Za-z0-9-]+/) == nil {
            reader.fail("PROXY_USER_HEADER", "write the name of a header, such as X-Forwarded-Email")
        }
        let proxies = reader.ranges("TRUSTED_PROXIES") ?? []
        if proxies.isEmpty {
            reader.fail(
                "PROXY_USER_HEADER", "name the proxy in TRUSTED_PROXIES, since the header counts from there only")
        }
        if proxies.contains(where: \.isEverything) {
            reader.fail(
                "PROXY_USER_HEADER",
                "TRUSTED_PROXIES contains every address, so everybody could sign in as anybody; name the proxy alone")
        }
        return header
    }

    /// Reads `Operations: ops, sre | Network: netops`.
    private static func teamGroups(_ reader: inout SettingsReader) -> [String: Set<String>] {
        var teams: [String: Set<String>] = [:]
        for entry in (reader.text("OIDC_TEAM_GROUPS") ?? "").split(separator: "|") {
            let parts = entry.split(separator: ":", maxSplits: 1).map { $0.trimmingBlanks() }
            let groups = parts.count == 2 ? parts[1].split(separator: ",").map { $0.trimmingBlanks() } : []
            guard !groups.isEmpty, teams.updateValue(Set(groups), forKey: parts[0]) == nil else {
                reader.fail(
                    "OIDC_TEAM_GROUPS", "write each team once, with its groups: Operations: ops, sre | Network: netops")
                continue
            }
        }
        return teams
    }

    func identityProvider(_ client: CurlClient, time: TimeSource) -> IdentityProvider? {
        company.map { company in
            IdentityProvider(
                settings: company, time: time, send: companySend ?? { request in try await client.perform(request) })
        }
    }
}
