internal import Domain
internal import Store

/// An API token in a list, without its secret.
struct TokenLine: Sendable {
    var id: String
    var name: String
    var hint: String
    var scope: String
    /// Names of the teams to which it is bound.
    var teams: [String]
    var expires: Moment?
    var used: Moment?

    init(_ token: APIToken, _ reader: Reader, _ configuration: Configuration) {
        id = token.id.rawValue
        name = token.name
        hint = token.hint
        scope = token.scope.rawValue
        teams = (token.teams ?? []).map { configuration.teams[$0]?.name ?? "a deleted team" }.sorted()
        expires = token.expiresAt.map { reader.moment($0) }
        used = token.lastUsedAt.map { reader.moment($0) }
    }
}

/// A list of tokens, each with a button that revokes it.
///
/// - Parameter path: the path of the tokens. A token is revoked at `{path}/{id}/delete`.
func tokenList(_ tokens: [TokenLine], at path: Path, _ frame: Frame) -> HTML {
    let lines = tokens.map { token -> HTML in
        let used: HTML = token.used.map { "used \($0.html)" } ?? "never used"
        let expires: HTML = token.expires.map { ", expires \($0.html)" } ?? ", never expires"
        return """
            <li><div class="line"><span><b>\(token.name)</b> <code>\(token.hint)…</code> <span class="tag">\(token.scope)</span>\(if: !token.teams.isEmpty, " <span class=\"tag\">only \(token.teams.joined(separator: ", "))</span>")</span>\
            \(frame.button("\(path)/\(token.id)/delete", "Revoke", style: .quiet))</div>\
            <p class="small quiet">\(used)\(expires)</p></li>
            """
    }
    return "<ul class=\"list\">\(lines)</ul>"
}
