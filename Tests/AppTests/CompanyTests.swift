import Actors
import Crypto
import Database
import Domain
import Formats
import Foundation
import Providers
import Store
import Synchronization
import TestSupport
import Testing
import Transport

@testable import App

/// Signing in with a company's provider of OpenID Connect, an honest one and hostile ones.
@Suite(.serialized)
struct CompanyTests {
    /// A provider that answers as a test wants.
    private final class Company: Sendable {
        struct State {
            var keys: TestIssuer
            var signer: TestIssuer
            var algorithm = TestIssuer.Algorithm.es256
            /// JSON values in place of the usual claims. An empty text leaves a claim out.
            var claims: [String: String] = [:]
            var issuer = "https://login.example.com"
            var requests: [String] = []
        }

        let state: Mutex<State>
        private let time: ManualTime

        init(_ time: ManualTime) throws {
            let issuer = try TestIssuer("first")
            state = Mutex(State(keys: issuer, signer: issuer))
            self.time = time
        }

        func send(_ request: CurlRequest) throws -> CurlResponse {
            guard case .http(_, let headers, let bytes) = request.kind else { throw CurlError.cancelled }
            let body = String(decoding: bytes ?? [], as: UTF8.self)
            let now = time.now.seconds
            let answer = try state.withLock { state -> String in
                let authorization = headers.first { $0.name == "Authorization" }?.value ?? ""
                state.requests.append("\(request.url) \(authorization) \(body)")
                switch request.url {
                case "https://login.example.com/.well-known/openid-configuration":
                    return """
                        {"issuer": "\(state.issuer)", "authorization_endpoint": "https://login.example.com/in?tenant=1",
                         "token_endpoint": "https://login.example.com/token", "jwks_uri": "https://login.example.com/keys"}
                        """
                case "https://login.example.com/keys": return try state.keys.keySet()
                case "https://login.example.com/token":
                    var claims = [
                        "iss": #""https://login.example.com""#, "aud": #""pagerpal""#, "sub": #""u-17""#,
                        "iat": "\(now)",
                        "exp": "\(now + 300)", "email": #""ADA@example.com""#, "email_verified": "true",
                        "name": #""Ada L.""#,
                    ]
                    claims.merge(state.claims) { $1 }
                    let text = claims.filter { !$0.value.isEmpty }.map { "\"\($0.key)\": \($0.value)" }
                    let token = try state.signer.token("{\(text.joined(separator: ", "))}", state.algorithm)
                    return #"{"access_token": "a", "token_type": "Bearer", "id_token": "\#(token)"}"#
                default: return "{}"
                }
            }
            return CurlResponse(
                status: 200, headers: [:], lines: [], body: Array(answer.utf8), newConnections: 1, duration: .zero)
        }
    }

    private static func run(
        _ kind: TestDatabase = .sqliteMemory, settings change: @escaping (inout Settings) -> Void = { _ in },
        company adapt: (inout IdentityProvider.Settings) -> Void = { _ in },
        _ body: @escaping @Sendable (TestApp, Company) async throws -> Void
    ) async throws {
        let time = ManualTime()
        let company = try Company(time)
        var settings = IdentityProvider.Settings(
            issuer: "https://login.example.com", client: "pagerpal", secret: Secret("a secret/with signs"))
        adapt(&settings)
        let given = settings
        try await TestApp.run(
            kind, time: time,
            settings: { settings in
                settings.companies = [given]
                settings.companySend = { try company.send($0) }
                change(&settings)
            }
        ) { app in
            try await app.assembly.services.accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            try await body(app, company)
        }
    }

    /// Goes to the provider and comes back.
    ///
    /// - Parameter state: in place of the right one.
    private static func signIn(
        _ browser: Browser, _ company: Company, state given: String? = nil, nonce: String? = nil, issuer: String? = nil,
        from start: String = "/login/company?next=/incidents"
    ) async throws {
        _ = try await browser.request("GET", start, redirects: 0)
        let address = try #require(await browser.headers["location"])
        let items = try #require(URLComponents(string: address)?.queryItems)
        let query = Dictionary(items.map { ($0.name, $0.value ?? "") }, uniquingKeysWith: { $1 })
        #expect(address.hasPrefix("https://login.example.com/in?tenant=1&"))
        #expect(query["code_challenge_method"] == "S256" && query["response_type"] == "code")
        #expect(query["max_age"] == (start.contains("again=1") ? "0" : nil))
        let own = try #require(query["nonce"])
        company.state.withLock { if $0.claims["nonce"] == nil { $0.claims["nonce"] = "\"\(nonce ?? own)\"" } }
        let iss = issuer.map { "&iss=\($0.addingPercentEncoding(withAllowedCharacters: .alphanumerics) ?? "")" } ?? ""
        try await browser.visit("/login/company/back?code=c-1&state=\(given ?? query["state"] ?? "")\(iss)")
        let asked = company.state.withLock { $0.requests.last { $0.contains("grant_type") } }
        if let asked, let verifier = asked.firstMatch(of: /code_verifier=([A-Za-z0-9]+)/)?.1 {
            #expect(base64URLText(SHA256.hash(data: Data(verifier.utf8))) == query["code_challenge"])
            #expect(asked.contains("Basic \(Data("pagerpal:a%20secret%2Fwith%20signs".utf8).base64EncodedString())"))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a person with a verified address is signed in, and known by the provider's id from then on`(
        _ kind: TestDatabase
    ) async throws {
        try await CompanyTests.run(kind, settings: { $0.secondFactorFrom = .viewer }) { app, company in
            let browser = Browser(app)
            try await browser.visit("/login")
            #expect(await browser.page.contains("Sign in with the company account"))
            for algorithm in [TestIssuer.Algorithm.es256, .rs256, .edDSA] {
                company.state.withLock {
                    $0.algorithm = algorithm
                    $0.claims["nonce"] = nil
                }
                let browser = Browser(app)
                try await CompanyTests.signIn(browser, company, issuer: "https://login.example.com")
                #expect(
                    await browser.path == "/incidents", "\(algorithm): the provider vouches, no second factor is needed"
                )
                // The address may change at the provider.
                company.state.withLock { $0.claims["email"] = #""other@example.com""# }
            }
            let notes = try await app.assembly.store.audit(AuditFilter()).compactMap(\.note)
            #expect(notes.filter { $0.hasPrefix("signed in with the company account") }.count == 3)
            #expect(notes.filter { $0 == "a company account was linked" }.count == 1)
        }
    }

    /// Each changes one thing that must be right.
    @Test(arguments: [
        ("iss", #""https://evil.example""#), ("iss", ""), ("aud", #""another""#), ("aud", #"["pagerpal", "another"]"#),
        ("azp", #""another""#), ("exp", "1"), ("exp", ""), ("exp", #""soon""#), ("iat", "1"), ("iat", "99999999999"),
        ("iat", "1e400"), ("nonce", #""another""#), ("nonce", ""), ("sub", ""), ("sub", #""""#), ("nbf", "7000000000"),
        ("email_verified", "false"), ("email_verified", ""), ("email", #""nobody@example.com""#),
    ])
    func `a token that says something wrong signs nobody in`(_ claim: String, _ value: String) async throws {
        try await CompanyTests.run { app, company in
            company.state.withLock { $0.claims[claim] = value }
            let browser = Browser(app)
            try await CompanyTests.signIn(browser, company)
            #expect(await browser.path == "/login", "\(claim) \(value)")
            try await browser.visit("/incidents")
            #expect(await browser.path.hasPrefix("/login"))
        }
    }

    @Test(arguments: [TestIssuer.Algorithm.unsigned, .hs256])
    func `a token without a signature by a published key is refused`(_ algorithm: TestIssuer.Algorithm) async throws {
        try await CompanyTests.run { app, company in
            company.state.withLock { $0.algorithm = algorithm }
            let browser = Browser(app)
            try await CompanyTests.signIn(browser, company)
            #expect(await browser.path == "/login")
        }
    }

    @Test func `rotated keys are fetched again, and keys of others are refused`() async throws {
        try await CompanyTests.run { app, company in
            let (second, other) = (try TestIssuer("second"), try TestIssuer("first"))
            let steps: [(keys: TestIssuer?, signer: TestIssuer?, path: String)] = [
                (nil, nil, "/incidents"), (second, second, "/incidents"), (nil, other, "/login"),
            ]
            for (keys, signer, path) in steps {
                app.time.advance(by: .minutes(2))
                company.state.withLock {
                    if let keys { $0.keys = keys }
                    if let signer { $0.signer = signer }
                    $0.claims["nonce"] = nil
                }
                let browser = Browser(app)
                try await CompanyTests.signIn(browser, company)
                #expect(await browser.path == path)
            }
        }
    }

    @Test func `a foreign state, a foreign issuer, and a browser without the cookie get nowhere`() async throws {
        try await CompanyTests.run { app, company in
            let browser = Browser(app)
            try await CompanyTests.signIn(browser, company, state: "another")
            #expect(await browser.path == "/login")
            try await CompanyTests.signIn(browser, company, issuer: "https://evil.example")
            #expect(await browser.path == "/login")
            try await Browser(app).visit("/login/company/back?code=c&state=s")
            #expect(
                company.state.withLock { $0.requests.filter { $0.contains("grant_type") } } == [], "no code was sent")
        }
    }

    @Test func `a provider that names another issuer is not used`() async throws {
        try await CompanyTests.run { app, company in
            company.state.withLock { $0.issuer = "https://evil.example" }
            let browser = Browser(app)
            try await browser.visit("/login/company")
            #expect(await browser.path == "/login")
            #expect(await browser.page.contains("The log says why"))
        }
    }

    @Test func `groups decide the role, and may create users`() async throws {
        let groups: (inout IdentityProvider.Settings) -> Void = { company in
            company.groups = [.admin: ["ops-admins"], .responder: ["ops", "oncall"]]
            company.createsUsers = true
            company.groupsClaim = "roles"
        }
        try await CompanyTests.run(company: groups) { app, company in
            for (listed, role) in [
                (#"["staff", "oncall"]"#, Role.responder), (#"["ops-admins", "ops"]"#, .admin), (#""ops""#, .responder),
            ] {
                company.state.withLock {
                    $0.claims = ["roles": listed, "sub": #""u-99""#, "email": #""new@example.com""#]
                }
                let browser = Browser(app)
                try await CompanyTests.signIn(browser, company)
                #expect(await browser.path == "/incidents")
                let user = app.assembly.configuration.current.users.values.first { $0.email == "new@example.com" }
                #expect(user?.role == role && user?.name == "Ada L.")
            }
            company.state.withLock { $0.claims = ["roles": #"["staff"]"#, "sub": #""u-99""#] }
            let browser = Browser(app)
            try await CompanyTests.signIn(browser, company)
            #expect(await browser.path == "/login")
        }
    }

    @Test func `passwords can be turned off, and another account with the same address is refused`() async throws {
        try await CompanyTests.run(settings: { $0.arePasswordsOff = true }) { app, company in
            let browser = Browser(app)
            try await browser.visit("/login")
            #expect(await !browser.page.contains("type=\"password\""))
            try await browser.visit("/login/factor")
            let status = try await browser.send(
                "/login", ["email": "ada@example.com", "password": "correct horse ada", "next": ""])
            #expect(status == 403)
            try await CompanyTests.signIn(browser, company)
            #expect(await browser.path == "/incidents")
            company.state.withLock { $0.claims = ["sub": #""u-18""#] }
            let other = Browser(app)
            try await CompanyTests.signIn(other, company)
            #expect(await other.path == "/login", "the address has passed to somebody else")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `groups decide the members of the teams that name them, and of no others`(_ kind: TestDatabase) async throws {
        try await CompanyTests.run(
            kind, company: { $0.teamGroups = ["Other": ["netops", "sre"], "Gone": ["sre"]] }
        ) { app, company in
            let members = { app.assembly.configuration.current.teams["team-other"]?.memberIDs }
            for (groups, expected) in [
                (#"["sre"]"#, ["cleo", "ada"]), (#"["netops", "x"]"#, ["cleo", "ada"]), (#"["x"]"#, ["cleo"]),
                ("", ["cleo"]),
            ] as [(String, [UserID])] {
                company.state.withLock {
                    $0.claims["groups"] = groups
                    $0.claims["nonce"] = nil
                }
                let browser = Browser(app)
                try await CompanyTests.signIn(browser, company)
                #expect(await browser.path == "/incidents")
                #expect(members() == expected, "\(groups)")
            }
            #expect(app.assembly.configuration.current.teams["team-ops"]?.memberIDs == ["ada", "bob"])
        }
    }

    @Test func `a new token needs a new sign-in with the company account`() async throws {
        try await CompanyTests.run { app, company in
            let browser = Browser(app)
            try await CompanyTests.signIn(browser, company)
            let token: KeyValuePairs = ["token_name": "t", "scope": "read", "days": "90"]
            try await browser.visit("/profile/security")
            #expect(try await browser.send("/profile/tokens", token) == 200)
            app.time.advance(by: Accounts.proofLength + .seconds(1))
            #expect(try await browser.send("/profile/tokens", token) == 422)
            // Also the right password, which nobody typed to get in, proves nothing.
            let typed: KeyValuePairs = ["token_name": "t", "scope": "read", "current": "correct horse ada"]
            #expect(try await browser.send("/profile/tokens", typed) == 422)
            let page = await browser.page
            let link = String(try #require(page.firstMatch(of: /href="(\/login\/company[^"]*again=1)"/)).1)
            // The provider says when the person typed the password there: too long ago, then now.
            for (ago, status) in [(3_600, 422), (0, 200)] as [(Int64, Int)] {
                company.state.withLock {
                    $0.claims["nonce"] = nil
                    $0.claims["auth_time"] = "\(app.time.now.seconds - ago)"
                }
                try await CompanyTests.signIn(browser, company, from: link.replacing("&amp;", with: "&"))
                #expect(await browser.path == "/profile/security")
                #expect(try await browser.send("/profile/tokens", token) == status)
            }
        }
    }

    @Test(
        arguments: [
            ("Operations: ops, sre | Network: netops", ["Operations": ["ops", "sre"], "Network": ["netops"]]),
            ("Operations: ops | Operations: sre", nil), ("Operations", nil), ("Operations:", nil), ("", [:]),
        ] as [(String, [String: Set<String>]?)])
    func `the groups of teams are read from one setting`(_ text: String, _ expected: [String: Set<String>]?) {
        let variables = [
            "OIDC_ISSUER": "https://login.example.com", "OIDC_CLIENT_ID": "c", "OIDC_CLIENT_SECRET": "s",
            "OIDC_TEAM_GROUPS": text,
        ]
        let settings = try? Settings { variables[$0] }
        #expect(settings?.companies.first?.teamGroups == expected)
    }
}
