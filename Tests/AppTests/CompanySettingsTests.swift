import Actors
import Domain
import Providers
import Testing

@testable import App

/// The settings of one and of several sign-in services.
@Suite struct CompanySettingsTests {
    private static let single = [
        "OIDC_ISSUER": "https://login.example.com", "OIDC_CLIENT_ID": "c", "OIDC_CLIENT_SECRET": "s",
    ]
    private static let pair = [
        "OIDC_PROVIDERS": "corp, partner-2", "OIDC_CORP_ISSUER": "https://login.corp.example",
        "OIDC_CORP_CLIENT_ID": "c", "OIDC_CORP_CLIENT_SECRET": "s-corp", "OIDC_CORP_EMAIL_DOMAINS": "*",
        "OIDC_PARTNER_2_ISSUER": "https://login.partner.example", "OIDC_PARTNER_2_CLIENT_ID": "p",
        "OIDC_PARTNER_2_CLIENT_SECRET": "s-partner", "OIDC_PARTNER_2_EMAIL_DOMAINS": "Partner.example, p.example",
    ]

    private func read(_ variables: [String: String]) throws -> Settings { try Settings { variables[$0] } }

    @Test func `a single service is read as before, and is the first of several`() throws {
        let one = try read(CompanySettingsTests.single)
        #expect(one.companies.map(\.id) == [nil] && one.companies.first?.name == "the company account")
        #expect(one.companies.first?.domains == nil && one.warnings == [] && !one.arePasswordsOff)
        let three = try read(CompanySettingsTests.pair.merging(CompanySettingsTests.single) { $1 })
        #expect(three.companies.map(\.id) == [nil, "corp", "partner-2"])
        #expect(try read([:]).companies.isEmpty)
    }

    @Test func `each service has its own settings, with its name in them`() throws {
        let own = [
            "OIDC_PARTNER_2_NAME": "Partner", "OIDC_PARTNER_2_SCOPES": "openid email",
            "OIDC_PARTNER_2_GROUPS_CLAIM": "roles", "OIDC_PARTNER_2_ADMIN_GROUPS": "a",
            "OIDC_PARTNER_2_MANAGER_GROUPS": "m", "OIDC_PARTNER_2_RESPONDER_GROUPS": "r, s",
            "OIDC_PARTNER_2_VIEWER_GROUPS": "v", "OIDC_PARTNER_2_TEAM_GROUPS": "Operations: ops",
            "OIDC_PARTNER_2_CREATE_USERS": "true", "OIDC_ONLY": "true",
        ]
        let settings = try read(CompanySettingsTests.pair.merging(own) { $1 })
        let (corp, partner) = (try #require(settings.companies.first), try #require(settings.companies.last))
        #expect(corp.name == "corp" && corp.domains == nil && corp.groups.isEmpty && !corp.createsUsers)
        #expect(corp.client == "c" && corp.secret.reveal() == "s-corp" && partner.secret.reveal() == "s-partner")
        #expect(partner.name == "Partner" && partner.scopes == "openid email" && partner.groupsClaim == "roles")
        #expect(partner.groups == [.admin: ["a"], .manager: ["m"], .responder: ["r", "s"], .viewer: ["v"]])
        #expect(partner.teamGroups == ["Operations": ["ops"]] && partner.createsUsers)
        #expect(partner.domains == ["partner.example", "p.example"])
        #expect(settings.arePasswordsOff && settings.warnings == [])
    }

    /// Changes to two services that work. An empty text takes a variable away.
    @Test(
        arguments: [
            (
                ["OIDC_CORP_ISSUER": "", "OIDC_PARTNER_2_CLIENT_ID": "", "OIDC_PARTNER_2_CLIENT_SECRET": ""],
                ["OIDC_CORP_ISSUER", "OIDC_PARTNER_2_CLIENT_ID", "OIDC_PARTNER_2_CLIENT_SECRET"]
            ),
            (["OIDC_CORP_ISSUER": "http://login.corp.example"], ["OIDC_CORP_ISSUER"]),
            (["OIDC_PARTNER_2_ISSUER": "https://login.corp.example"], ["OIDC_PARTNER_2_ISSUER"]),
            (["OIDC_PARTNER_2_NAME": "corp"], ["OIDC_PARTNER_2_NAME"]),
            (
                ["OIDC_CORP_EMAIL_DOMAINS": "", "OIDC_PARTNER_2_EMAIL_DOMAINS": "@partner.example"],
                ["OIDC_CORP_EMAIL_DOMAINS", "OIDC_PARTNER_2_EMAIL_DOMAINS"]
            ),
            (["OIDC_CORP_EMAIL_DOMAINS": ","], ["OIDC_CORP_EMAIL_DOMAINS"]),
            (["OIDC_PARTNER_2_EMAIL_DOMAINS": "*, partner.example"], ["OIDC_PARTNER_2_EMAIL_DOMAINS"]),
            (["OIDC_CORP_SCOPES": "email"], ["OIDC_CORP_SCOPES"]),
            (["OIDC_CORP_CREATE_USERS": "perhaps"], ["OIDC_CORP_CREATE_USERS"]),
            (["OIDC_CORP_TEAM_GROUPS": "Operations"], ["OIDC_CORP_TEAM_GROUPS"]),
            (["OIDC_CORP_ONLY": "true"], ["OIDC_CORP_ONLY"]),
            (["OIDC_PROVIDERS": "corp, Partner"], ["OIDC_PROVIDERS"]),
            (["OIDC_PROVIDERS": "corp, corp"], ["OIDC_PROVIDERS"]),
            (["OIDC_PROVIDERS": "corp, back"], ["OIDC_PROVIDERS"]),
            (
                ["OIDC_PROVIDERS": "corp, -a, a--b, a_b, a/b, abcdefghijabcdefghijabcdefghijk"],
                Array(repeating: "OIDC_PROVIDERS", count: 5)
            ),
        ] as [([String: String], [String])])
    func `all faults of all services are said at once`(_ changes: [String: String], _ expected: [String]) throws {
        let variables = CompanySettingsTests.pair.merging(changes) { $1 }.filter { !$0.value.isEmpty }
        let faults = #expect(throws: SettingsFaults.self) { try read(variables) }
        #expect(faults?.faults.map(\.variable).sorted() == expected.sorted())
        #expect(faults?.description.contains("s-partner") == false && faults?.description.contains("s-corp") == false)
    }

    @Test func `there are eight at most`() throws {
        var variables = ["OIDC_PROVIDERS": (1...8).map { "p\($0)" }.joined(separator: ",")]
        for name in (1...9).map({ "P\($0)" }) {
            variables["OIDC_\(name)_ISSUER"] = "https://\(name.lowercased()).example"
            variables["OIDC_\(name)_CLIENT_ID"] = "c"
            variables["OIDC_\(name)_CLIENT_SECRET"] = "s"
            variables["OIDC_\(name)_EMAIL_DOMAINS"] = "\(name.lowercased()).example"
        }
        #expect(try read(variables).companies.count == 8)
        variables["OIDC_PROVIDERS"]?.append(",p9")
        let faults = #expect(throws: SettingsFaults.self) { try read(variables) }
        #expect(faults?.faults.map(\.variable) == ["OIDC_PROVIDERS"])
    }

    @Test func `a single named service speaks for all addresses unless it is told otherwise`() throws {
        let corp = CompanySettingsTests.pair.filter { $0.key.hasPrefix("OIDC_CORP_") && !$0.key.hasSuffix("DOMAINS") }
        #expect(try read(corp.merging(["OIDC_PROVIDERS": "corp"]) { $1 }).companies.first?.domains == nil)
    }

    @Test func `names that no service has, and settings that none reads, are warned of`() throws {
        let process = CompanySettingsTests.pair.merging([
            "OIDC_CORP_CLIENT": "c", "OIDC_OTHER_ISSUER": "https://login.other.example", "OIDC_CREATE_USERS": "true",
        ]) { $1 }
        let warnings = try Settings(Environment(process: process)).warnings
        #expect(warnings.map(\.variable).sorted() == ["OIDC_CORP_CLIENT", "OIDC_CREATE_USERS", "OIDC_OTHER_ISSUER"])
        let lost = warnings.first { $0.variable == "OIDC_CREATE_USERS" }
        #expect(lost?.advice.contains("OIDC_CORP_CREATE_USERS") == true)
        #expect(warnings.first { $0.variable == "OIDC_CORP_CLIENT" }?.advice.contains("OIDC_CORP_CLIENT_ID") == true)
    }
}
