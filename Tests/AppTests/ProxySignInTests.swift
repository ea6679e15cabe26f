import Actors
import Database
import Domain
import Providers
import Store
import TestSupport
import Testing
import Transport

@testable import App

/// Signing in by a header of a trusted proxy.
@Suite(.serialized)
struct ProxySignInTests {
    private static func run(
        proxies: [String] = ["127.0.0.1"], header: String? = "X-Forwarded-Email",
        _ body: @escaping @Sendable (TestApp) async throws -> Void
    ) async throws {
        try await TestApp.run(
            .sqliteMemory,
            settings: { settings in
                settings.proxyUserHeader = header
                settings.trustedProxies = proxies.compactMap { AddressRange($0) }
            }
        ) { app in
            try await app.assembly.services.accounts.set(Secret("correct horse dana"), of: "dana", by: .system)
            try await body(app)
        }
    }

    private static func header(_ value: String) -> [(name: String, value: String)] { [("X-Forwarded-Email", value)] }

    @Test func `the person whom the proxy names is signed in, and another one in turn`() async throws {
        try await ProxySignInTests.run { app in
            let browser = Browser(app)
            _ = try await browser.request(
                "GET", "/login?next=/incidents", nil, ProxySignInTests.header("ADA@example.com"), redirects: 0)
            let location = await browser.headers["location"]
            #expect(location == "/incidents")
            #expect(try await browser.visit("/incidents") == 200)
            #expect(await browser.path == "/incidents")
            // Somebody else signs in at the proxy: the session of the person before opens nothing.
            let bob = ProxySignInTests.header("bob@example.com")
            _ = try await browser.request("GET", "/dashboard", nil, bob, redirects: 0)
            #expect(await browser.headers["location"]?.hasPrefix("/login") == true)
            _ = try await browser.request("GET", "/login", nil, bob, redirects: 0)
            let status = try await browser.request("GET", "/profile", nil, bob, redirects: 0)
            #expect(status == 200)
            #expect(await browser.page.contains("bob@example.com"))
            // Coming back to the sign-in page opens no second session.
            _ = try await browser.request("GET", "/login?next=/incidents", nil, bob, redirects: 0)
            #expect(await browser.headers["location"] == "/incidents")
            #expect(try await app.assembly.store.sessions(of: "bob", at: app.time.now).count == 1)
            let notes = try await app.assembly.store.audit(AuditFilter()).compactMap(\.note)
            #expect(notes.contains("signed in with the word of the proxy, from 127.0.0.1"))
        }
    }

    @Test func `a session of the person before opens neither the API nor live events nor the navigation`() async throws
    {
        try await ProxySignInTests.run { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let bob = ProxySignInTests.header("bob@example.com")
            #expect(try await browser.request("GET", "/api/v1/incidents") == 200)
            #expect(try await browser.request("GET", "/api/v1/incidents", nil, bob) == 401)
            let refresh = bob + [(name: "X-Refresh", value: "1")]
            #expect(try await browser.request("GET", "/events/count", nil, refresh, redirects: 0) == 401)
            _ = try await browser.request("GET", "/docs", nil)
            #expect(await browser.page.contains("href=\"/incidents\""))
            _ = try await browser.request("GET", "/docs", nil, bob)
            #expect(await !browser.page.contains("href=\"/incidents\""))
        }
    }

    @Test func `who is vouched for is not asked for a password, and is asked without the proxy`() async throws {
        try await ProxySignInTests.run { app in
            let browser = Browser(app)
            let ada = ProxySignInTests.header("ada@example.com")
            _ = try await browser.request("GET", "/login", nil, ada, redirects: 0)
            app.time.advance(by: Accounts.proofLength + .seconds(1))
            _ = try await browser.request("GET", "/profile/security", nil, ada)
            #expect(await !browser.page.contains("current-token"))
            let body = #"{"channel": "email", "address": "other@example.com"}"#
            let csrf = [(name: "X-CSRF-Token", value: await browser.token)]
            #expect(try await browser.request("POST", "/api/v1/contact-methods", body, csrf) == 403)
            #expect(try await browser.request("POST", "/api/v1/contact-methods", body, csrf + ada) == 201)
            try await browser.visit("/profile/security")
            #expect(await browser.page.contains("current-token"))
        }
    }

    @Test(arguments: ["nobody@example.com", "ada@example.com, bob@example.com", "deploy@service.invalid", " "])
    func `nobody else is signed in`(_ value: String) async throws {
        try await ProxySignInTests.run { app in
            try await app.assembly.store.change(
                [.save(User(id: "deploy", name: "Deploy", email: "deploy@service.invalid", isService: true))],
                at: app.time.now)
            try await app.assembly.configuration.reload()
            let browser = Browser(app)
            let status = try await browser.request("GET", "/login", nil, ProxySignInTests.header(value), redirects: 0)
            #expect(status == 200)
            #expect(await browser.cookies["pagerpal_session"] == nil)
        }
    }

    @Test func `the header of others is ignored, and everybody's without the setting`() async throws {
        for (proxies, header) in [(["10.0.0.1"], "X-Forwarded-Email"), (["127.0.0.1"], nil)] as [([String], String?)] {
            try await ProxySignInTests.run(proxies: proxies, header: header) { app in
                let browser = Browser(app)
                let ada = ProxySignInTests.header("ada@example.com")
                let status = try await browser.request("GET", "/login", nil, ada, redirects: 0)
                #expect(status == 200)
                #expect(await browser.cookies["pagerpal_session"] == nil)
            }
        }
    }

    @Test(arguments: [
        (["PROXY_USER_HEADER": "X-User"], true),
        (["PROXY_USER_HEADER": "X User", "TRUSTED_PROXIES": "10.0.0.1"], true),
        (["PROXY_USER_HEADER": "X-User", "TRUSTED_PROXIES": "10.0.0.1,::/0"], true),
        (["PROXY_USER_HEADER": "X-User", "TRUSTED_PROXIES": "10.0.0.1"], false),
    ])
    func `the header needs a proxy that is named`(_ variables: [String: String], _ isRefused: Bool) {
        let settings = Result { try Settings { variables[$0] } }
        switch settings {
        case .success(let settings): #expect(!isRefused && settings.proxyUserHeader == "X-User")
        case .failure(let fault): #expect(isRefused && "\(fault)".contains("PROXY_USER_HEADER"))
        }
    }
}
