import Actors
import Domain
import Foundation
import Providers
import Testing
import Transport

@testable import App

/// A browser without scripts. It keeps cookies, follows redirects, and submits forms with the token of the web page.
actor Browser {
    private let app: TestApp
    private let client = CurlClient()
    private(set) var cookies: [String: String] = [:]
    private(set) var status = 0
    private(set) var path = ""
    private(set) var page = ""
    private(set) var headers: [String: String] = [:]

    init(_ app: TestApp) { self.app = app }

    /// Sets a user's password and signs the user in.
    static func signedIn(as user: UserID, _ app: TestApp) async throws -> Browser {
        try await app.assembly.services.accounts.set(Secret("correct horse \(user)"), of: user, by: .system)
        let browser = Browser(app)
        try await browser.signIn(as: user)
        #expect(await browser.path == "/dashboard")
        return browser
    }

    func signIn(as user: UserID, password: String? = nil) async throws {
        try await visit("/login")
        try await send(
            "/login", ["email": "\(user)@example.com", "password": password ?? "correct horse \(user)", "next": ""])
    }

    @discardableResult
    func visit(_ path: String) async throws -> Int { try await request("GET", path) }

    /// Submits a form with the token of the last web page, unless another token is given.
    @discardableResult
    func send(
        _ path: String, _ fields: KeyValuePairs<String, String>, token: String? = nil,
        headers: [(name: String, value: String)] = []
    ) async throws -> Int {
        let all = fields.map { ($0.key, $0.value) } + [("token", token ?? self.token)]
        let body = all.map { "\($0.0)=\(encoded($0.1))" }.joined(separator: "&")
        return try await request(
            "POST", path, body, headers + [("Content-Type", "application/x-www-form-urlencoded")])
    }

    /// The form token of the last web page.
    var token: String {
        page.firstMatch(of: /name="token" value="([^"]*)"/).map { String($0.1) } ?? ""
    }

    /// Opens a session without a password.
    func enter(as user: UserID) async throws {
        let origin = Accounts.Origin(address: "127.0.0.1", agent: "test", knows: { _, _ in false })
        cookies["pagerpal_session"] = try await app.assembly.services.accounts.open(user, from: origin).key
    }

    /// The form token of the session.
    func tokenOfSession() async throws -> String {
        guard cookies["pagerpal_session"] != nil else { return "" }
        try await visit("/incidents")
        return token
    }

    func forget(_ cookie: String) { cookies[cookie] = nil }

    func request(
        _ method: String, _ path: String, _ body: String? = nil, _ headers: [(name: String, value: String)] = [],
        redirects: Int = 5
    ) async throws -> Int {
        let cookie = cookies.map { "\($0.key)=\($0.value)" }.joined(separator: "; ")
        let response = try await client.perform(
            CurlRequest(
                url: "http://127.0.0.1:\(app.port)\(path)",
                kind: .http(
                    method: method, headers: headers + (cookie.isEmpty ? [] : [("Cookie", cookie)]),
                    body: body.map { Array($0.utf8) })))
        for line in response.lines where line.lowercased().hasPrefix("set-cookie:") { keep(line) }
        self.headers = response.headers
        self.path = path
        status = response.status
        page = String(decoding: response.body, as: UTF8.self)
        if let location = response.headers["location"], status == 303, redirects > 0 {
            return try await request("GET", location, redirects: redirects - 1)
        }
        return status
    }

    private func keep(_ line: String) {
        let pair = line.dropFirst("set-cookie:".count).prefix { $0 != ";" }.split(separator: "=", maxSplits: 1)
        guard let name = pair.first?.trimmingBlanks() else { return }
        cookies[name] = line.contains("Max-Age=0") ? nil : pair.count == 2 ? String(pair[1]).trimmingBlanks() : ""
    }

    func encoded(_ text: String) -> String {
        text.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? ""
    }
}

extension Browser {
    /// A stranger who asks for a new password for a user, and sets it by the link in the mail.
    static func resettingPassword(of user: UserID, to password: String, _ app: TestApp) async throws -> Browser {
        let stranger = Browser(app)
        try await stranger.visit("/password/forgotten")
        try await stranger.send("/password/forgotten", ["email": "\(user)@example.com"])
        try await app.expectPages(["email \(user)@example.com"])
        let text = try #require(await app.outbox.messages.last?.text)
        let link = String(try #require(text.firstMatch(of: /\/password\/reset\/\w+/)).0)
        try await stranger.visit(link)
        try await stranger.send(link, ["password": password])
        return stranger
    }

    /// Submits a form whose fields have no order.
    @discardableResult
    func post(_ path: String, _ fields: [String: String]) async throws -> Int {
        let all = fields.map { ($0.key, $0.value) } + [("token", token)]
        let body = all.map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
        return try await request("POST", path, body, [("Content-Type", "application/x-www-form-urlencoded")])
    }
}
