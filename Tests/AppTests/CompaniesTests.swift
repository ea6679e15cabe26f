import Actors
import Database
import Domain
import Foundation
import Providers
import Store
import Synchronization
import TestSupport
import Testing
import Transport

@testable import App

/// Signing in with several companies' providers: none of them can answer in the place of another.
@Suite(.serialized)
struct CompaniesTests {
    @Test(arguments: [nil, "corp"])
    func `each provider has a button and addresses of its own`(_ corpID: String?) async throws {
        try await CompanyPair.run(corpID: corpID) { app, pair in
            let browser = Browser(app)
            try await browser.visit("/login?next=/incidents")
            let page = await browser.page
            #expect(page.contains(#"href="\#(pair.start)?next=%2Fincidents">Sign in with Corp</a>"#))
            #expect(page.contains(#"href="/login/company/partner?next=%2Fincidents">Sign in with Partner</a>"#))
            #expect(page.contains("type=\"password\""))
            for (start, email) in [(pair.start, "ada@example.com"), (CompanyPair.partnerStart, "new@partner.example")] {
                let provider = start == pair.start ? pair.corp : pair.partner
                CompanyPair.claim(provider, ["email": "\"\(email)\""])
                let browser = Browser(app)
                let redirect = try await CompanyPair.signIn(browser, pair, from: start)
                #expect(redirect.hasSuffix("\(start)/back"))
                #expect(await browser.path == "/incidents", "\(email)")
                try await browser.visit("/profile/security")
                #expect(await browser.page.contains(email))
            }
            for path in ["/login/company/other", "/login/company/other/back", "/login/company/back/back"] {
                #expect(try await Browser(app).visit(path) == 404, "\(path)")
            }
            let single = try await Browser(app).request("GET", "/login/company", redirects: 0)
            #expect(single == (corpID == nil ? 303 : 404))
            let notes = try await app.assembly.store.audit(AuditFilter()).compactMap(\.note)
            #expect(notes.contains { $0.hasPrefix("signed in with the company account of Partner, from") })
            #expect(notes.contains("the company account of Partner was linked"))
            #expect(notes.contains("a company account was linked") == (corpID == nil))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the same subject at another issuer is another person`(_ kind: TestDatabase) async throws {
        try await CompanyPair.run(kind) { app, pair in
            let (ada, other) = (Browser(app), Browser(app))
            try await CompanyPair.signIn(ada, pair, from: pair.start)
            #expect(await ada.path == "/incidents")
            // Partner knows its u-17 without an address: corp's one is nobody for it.
            CompanyPair.claim(pair.partner, ["email_verified": "false"])
            try await CompanyPair.signIn(other, pair, from: CompanyPair.partnerStart)
            #expect(await other.path == "/login")
            CompanyPair.claim(pair.partner, ["email": #""new@partner.example""#])
            try await CompanyPair.signIn(other, pair, from: CompanyPair.partnerStart)
            #expect(await other.path == "/incidents")
            let store = app.assembly.store
            let found = try await store.identity(issuer: "https://login.partner.example", subject: "u-17")
            #expect(try await store.identity(issuer: "https://login.corp.example", subject: "u-17") == "ada")
            #expect(found != nil && found != "ada")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `the address of somebody who belongs to another provider's account finds nobody`(
        _ kind: TestDatabase
    ) async throws {
        try await CompanyPair.run(kind) { app, pair in
            let (ada, other) = (Browser(app), Browser(app))
            try await CompanyPair.signIn(ada, pair, from: pair.start)
            CompanyPair.claim(pair.partner, ["sub": #""p-1""#])
            try await CompanyPair.signIn(other, pair, from: CompanyPair.partnerStart)
            #expect(await other.path == "/login")
            #expect(await other.page.contains("This address belongs to another company account."))
            let store = app.assembly.store
            #expect(try await store.issuers(of: "ada") == ["https://login.corp.example"])
            // Revoking everything forgets the account. Then the first provider that names the address gets it.
            try await app.assembly.services.accounts.revokeAll(of: "ada", by: .system)
            try await CompanyPair.signIn(other, pair, from: CompanyPair.partnerStart)
            #expect(await other.path == "/incidents")
            try await CompanyPair.signIn(ada, pair, from: pair.start)
            #expect(await ada.path == "/login")
            #expect(try await store.issuers(of: "ada") == ["https://login.partner.example"])
        }
    }

    @Test func `groups count for the people of their provider alone`() async throws {
        try await CompanyPair.run(settings: { $0.companies[1].groups = [.manager: ["ops"]] }) { app, pair in
            for (start, groups, path) in [
                (CompanyPair.partnerStart, "[]", "/login"), (CompanyPair.partnerStart, #"["ops"]"#, "/incidents"),
                (pair.start, "[]", "/incidents"),
            ] {
                CompanyPair.claim(pair.partner, ["email": #""new@partner.example""#, "groups": groups])
                let browser = Browser(app)
                try await CompanyPair.signIn(browser, pair, from: start)
                #expect(await browser.path == path, "\(start) \(groups)")
            }
            let users = app.assembly.configuration.current.users
            #expect(users.values.first { $0.email == "new@partner.example" }?.role == .manager)
            #expect(users["ada"]?.role == .responder)
        }
    }

    @Test func `a provider speaks for the addresses of its domains alone`() async throws {
        try await CompanyPair.run(domains: ["partner.example"]) { app, pair in
            let people = { app.assembly.configuration.current.users.count }
            let before = people()
            for email in [
                "dana@example.com", "new@example.com", "new@sub.partner.example", "new@partner.example@example.com",
                "partner.example",
            ] {
                CompanyPair.claim(pair.partner, ["email": "\"\(email)\""])
                let browser = Browser(app)
                try await CompanyPair.signIn(browser, pair, from: CompanyPair.partnerStart)
                #expect(await browser.path == "/login", "\(email)")
            }
            #expect(people() == before)
            // An account that is known stays that, also when its address changes there.
            for email in ["new@PARTNER.example", "new@elsewhere.example"] {
                CompanyPair.claim(pair.partner, ["email": "\"\(email)\""])
                let browser = Browser(app)
                try await CompanyPair.signIn(browser, pair, from: CompanyPair.partnerStart)
                #expect(await browser.path == "/incidents", "\(email)")
            }
            #expect(people() == before + 1)
        }
    }

    @Test(arguments: [nil, "corp"])
    func `an answer at the address of another provider is refused, and its code goes nowhere`(
        _ corpID: String?
    ) async throws {
        try await CompanyPair.run(corpID: corpID) { app, pair in
            for (start, other) in [(pair.start, CompanyPair.partnerStart), (CompanyPair.partnerStart, pair.start)] {
                let browser = Browser(app)
                for iss in ["", "https://login.corp.example", "https://login.partner.example"] {
                    try await CompanyPair.signIn(browser, pair, from: start, back: "\(other)/back", iss: iss)
                    #expect(await browser.path == "/login", "\(start) \(iss)")
                }
            }
            #expect(pair.codes == [])
        }
    }

    @Test func `an answer that names another issuer, or none although its provider promises one, is refused`()
        async throws
    {
        try await CompanyPair.run { app, pair in
            for iss in ["https://login.partner.example", "https://login.corp.example/", ""] {
                let browser = Browser(app)
                try await CompanyPair.signIn(browser, pair, from: pair.start, iss: iss)
                #expect(await browser.path == "/login", "\(iss)")
            }
            #expect(pair.codes == [])
        }
        // The single provider may leave it out, as before.
        try await CompanyPair.run(corpID: nil) { app, pair in
            let browser = Browser(app)
            try await CompanyPair.signIn(browser, pair, from: pair.start, iss: "")
            #expect(await browser.path == "/incidents")
        }
    }

    @Test func `a token of one provider signs nobody in at another`() async throws {
        try await CompanyPair.run { app, pair in
            let corpKey = pair.corp.key
            for (claims, signer) in [
                (["iss": #""https://login.corp.example""#], corpKey), ([:], corpKey),
                (["iss": #""https://login.corp.example""#], pair.partner.key),
            ] {
                pair.partner.state.withLock {
                    $0.claims = claims
                    $0.signer = signer
                }
                let browser = Browser(app)
                try await CompanyPair.signIn(browser, pair, from: CompanyPair.partnerStart)
                #expect(await browser.path == "/login", "\(claims)")
            }
            #expect(pair.codes.count == 3)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a new sign-in as proof is asked of the provider to whose account the user belongs`(
        _ kind: TestDatabase
    ) async throws {
        try await CompanyPair.run(kind) { app, pair in
            let browser = Browser(app)
            try await CompanyPair.signIn(browser, pair, from: pair.start)
            app.time.advance(by: Accounts.proofLength + .seconds(1))
            let token: KeyValuePairs = ["token_name": "t", "scope": "read", "days": "90"]
            try await browser.visit("/profile/security")
            #expect(try await browser.send("/profile/tokens", token) == 422)
            let page = await browser.page
            #expect(page.contains("Sign in with Corp") && !page.contains("Sign in with Partner"))
            // Partner can't prove that it is Ada, whatever it says.
            let again = "?next=%2Fprofile%2Fsecurity&again=1"
            try await CompanyPair.signIn(browser, pair, from: CompanyPair.partnerStart + again)
            #expect(await browser.path == "/login")
            try await browser.visit("/profile/security")
            #expect(try await browser.send("/profile/tokens", token) == 422)
            try await CompanyPair.signIn(browser, pair, from: pair.start + again)
            #expect(await browser.path == "/profile/security")
            #expect(try await browser.send("/profile/tokens", token) == 200)
        }
    }

    @Test func `with passwords off there are the buttons alone`() async throws {
        try await CompanyPair.run(settings: { $0.arePasswordsOff = true }) { app, pair in
            let browser = Browser(app)
            try await browser.visit("/login")
            let page = await browser.page
            #expect(page.contains("Sign in with Corp") && page.contains("Sign in with Partner"))
            #expect(!page.contains("type=\"password\""))
            try await app.assembly.services.accounts.set(Secret("correct horse dana"), of: "dana", by: .system)
            let basic = Data("dana@example.com:correct horse dana".utf8).base64EncodedString()
            let answer = try await app.send("GET", "/api/v1/teams", headers: [("Authorization", "Basic \(basic)")])
            #expect(answer.status == 401)
            CompanyPair.claim(pair.corp, ["email": #""dana@example.com""#])
            try await CompanyPair.signIn(browser, pair, from: pair.start)
            try await browser.visit("/settings")
            #expect(await browser.page.contains("Corp, Partner"))
        }
    }
}
