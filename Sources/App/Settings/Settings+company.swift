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

    func identityProvider(_ client: CurlClient, time: TimeSource) -> IdentityProvider? {
        company.map { company in
            IdentityProvider(
                settings: company, time: time, send: companySend ?? { request in try await client.perform(request) })
        }
    }
}
