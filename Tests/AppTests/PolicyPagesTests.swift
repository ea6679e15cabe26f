import Actors
import Domain
import Foundation
import Providers
import TestSupport
import Testing

@testable import App

@Suite("Escalation policies on web pages", .serialized)
struct PolicyPagesTests {
    /// A policy with one step that pages Bob.
    private static let plain = [
        "name": "Bob first", "team_id": "team-ops", "step-0-target-0": "user:bob", "step-0-delay": "5",
        "step-0-unit": "min", "repeats": "1", "final_action": "stay", "urgent": "critical",
        "preview_severity": "critical", "preview_at": "2026-03-07T03:00",
    ]

    private func policies(_ app: TestApp) -> [PolicyID: EscalationPolicy] {
        app.assembly.configuration.current.policies
    }

    @Test("The editor saves every field of a policy and reads the same values back", arguments: TestDatabase.kinds)
    func create(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/escalation-policies/new?team=team-ops")
            #expect(await browser.page.contains(#"<option value="schedule:schedule" selected>"#))
            try await browser.send(
                "/escalation-policies",
                [
                    "name": "Nights", "team_id": "team-ops", "step-0-target-0": "schedule:schedule",
                    "step-0-target-1": "", "step-0-target-2": "user:bob", "step-0-delay": "90", "step-0-unit": "s",
                    "step-1-target-0": "turns:team-ops", "step-1-target-1": "team:team-ops", "step-1-delay": "2",
                    "step-1-unit": "h", "repeats": "3", "final_action": "notify", "acknowledgement": "1",
                    "acknowledgement-unit": "d", "urgent": "critical", "urgent": "warning",
                    "route-0-severities": "info", "route-0-labels": "service = db\n\nregion=eu=1", "route-0-days": "6",
                    "route-0-days": "7", "route-0-from": "22:00", "route-0-to": "07:00",
                    "route-0-zone": "Europe/Zagreb",
                    "route-0-policy": "policy",
                ])
            let id = PolicyID(String(try #require(await browser.path.split(separator: "/").last)))
            let expected = EscalationPolicy(
                id: id, name: "Nights", teamID: "team-ops",
                steps: [
                    .init(targets: [.schedule("schedule"), .user("bob")], delay: .seconds(90)),
                    .init(targets: [.roundRobin("team-ops"), .team("team-ops")], delay: .hours(2)),
                ], repeats: 3, finalAction: .notifyAdministrators, acknowledgementTimeout: .days(1),
                urgentSeverities: [.critical, .warning],
                routes: [
                    .init(
                        severities: [.info], labels: ["service": "db", "region": "eu=1"],
                        hours: .init(timeZone: "Europe/Zagreb", weekdays: [.saturday, .sunday], from: 1320, to: 420),
                        policyID: "policy")
                ])
            #expect(policies(app)[id] == expected)

            // Saving the editor's values unchanged gives the same policy.
            try await browser.visit("/escalation-policies/\(id)/edit")
            try await browser.submitEditor("/escalation-policies/\(id)")
            #expect(await browser.path == "/escalation-policies/\(id)")
            #expect(policies(app)[id] == expected)
        }
    }

    @Test("A policy is shown in sentences")
    func sentences() async throws {
        try await TestApp.run(
            .sqliteMemory, team: { $0.policy.acknowledgementTimeout = .minutes(30) }
        ) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/escalation-policies/policy")
            let page = await browser.page
            for words in [
                "At once", "whoever is on call in Primary", "5 min later, if nobody answered", ">Bob</a>",
                "10 min after the last step it starts over, once.",
                "In the end paging stops and the incident stays open.",
                "pages again after 30 min if it is not resolved", "Urgent: critical, error.",
                "Team Operations",
            ] { #expect(page.contains(words), "\(words)") }
            #expect(!page.contains("/escalation-policies/policy/edit"))
        }
    }

    @Test("The preview shows who is paged, when, how and why, at any instant")
    func preview() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            let path = "/escalation-policies/policy?preview_severity=critical&preview_at=2026-03-07T03%3A00"
            #expect(try await browser.visit(path) == 200)
            let page = await browser.page
            #expect(page.contains("<b>Ada</b> by e-mail"))
            #expect(page.contains("<b>after 5 min</b>") && page.contains("Sat 7 Mar, 03:05"))
            #expect(page.contains("step 2 of “Standard”: rule for high urgency, at once"))
            #expect(try await browser.visit("/escalation-policies/policy?preview_at=tomorrow") == 422)
            #expect(await browser.page.contains(#"id="preview_at-fault""#))
            #expect(await browser.page.contains(#"value="tomorrow""#))
        }
    }

    @Test("The editor previews the draft without saving it")
    func draft() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/escalation-policies/policy/edit")
            try await browser.post(
                "/escalation-policies/policy", PolicyPagesTests.plain.merging(["do": "preview"]) { $1 })
            #expect(await browser.status == 200)
            #expect(await browser.page.contains("<b>Bob</b> by e-mail"))
            #expect(await !browser.page.contains("<b>Ada</b> by e-mail"))
            #expect(policies(app)["policy"] == app.team.policy)
        }
    }

    @Test("Steps and routes can be added, moved and removed without saving")
    func reshaping() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/escalation-policies/policy/edit")
            let two = PolicyPagesTests.plain.merging(
                ["step-1-target-0": "user:ada", "step-1-delay": "7", "step-1-unit": "h"]) { $1 }
            let send = { (action: String) async throws -> String in
                try await browser.post("/escalation-policies/policy", two.merging(["do": action]) { $1 })
                #expect(await browser.status == 200)
                return await browser.page
            }
            let chosen = { (page: String) in
                page.matches(of: /<option value="user:(\w+)" selected>/).map { String($0.1) }
            }
            #expect(chosen(try await send("add-step")) == ["bob", "ada"])
            #expect(await browser.page.contains(#"name="step-2-delay""#))
            #expect(chosen(try await send("up-1")) == ["ada", "bob"])
            #expect(chosen(try await send("remove-0")) == ["ada"])
            #expect(try await send("more-0").contains(#"name="step-0-target-4""#))
            #expect(try await send("add-route").contains(#"name="route-0-policy""#))
            #expect(policies(app)["policy"] == app.team.policy)
        }
    }

    @Test(
        "A policy's faults appear at their fields",
        arguments: [
            ("name", "", "name"), ("name", "standard", "name"), ("team_id", "nowhere", "team_id"),
            ("step-0-delay", "0", "step-0-delay"), ("step-0-delay", "a while", "step-0-delay"),
            ("step-0-delay", "99999999999999999999", "step-0-delay"), ("step-0-target-0", "", "step-0-targets"),
            ("step-0-target-0", "user:ghost", "step-0-target-0"), ("step-0-target-0", "cat:felix", "step-0-target-0"),
            ("repeats", "21", "repeats"), ("acknowledgement", "0", "acknowledgement"),
            ("route-0-policy", "", "route-0-policy"), ("route-0-policy", "ghost", "route-0-policy"),
        ])
    func faults(_ name: String, _ value: String, _ fault: String) async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/escalation-policies/new")
            let fields = PolicyPagesTests.plain.merging([name: value]) { $1 }
            try await browser.post("/escalation-policies", fields)
            #expect(await browser.status == 422)
            #expect(await browser.page.contains("id=\"\(fault)-fault\""))
            #expect(policies(app).count == 1)
        }
    }

    @Test("A circle of routes is refused at the route's field")
    func circle() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/escalation-policies/new")
            try await browser.post(
                "/escalation-policies", PolicyPagesTests.plain.merging(["route-0-policy": "policy"]) { $1 })
            let id = try #require(await browser.path.split(separator: "/").last)
            let fields = PolicyPagesTests.plain.merging(["name": "Standard", "route-0-policy": String(id)]) { $1 }
            try await browser.post("/escalation-policies/policy", fields)
            #expect(await browser.status == 422)
            #expect(await browser.page.contains(#"id="route-0-policy-fault""#))
            #expect(await browser.page.contains("It leads in a circle"))
        }
    }

    @Test("Only managers of a policy's team can change it, and they can't move it to another team")
    func rights() async throws {
        try await TestApp.run(.sqliteMemory, team: { $0.users[2].role = .manager }) { app in
            let outsider = try await Browser.signedIn(as: "cleo", app)
            try await outsider.visit("/escalation-policies/policy")
            #expect(await outsider.status == 200)
            for path in ["policy", "policy/delete"] {
                #expect(
                    try await outsider.post("/escalation-policies/\(path)", PolicyPagesTests.plain) == 403, "\(path)")
            }
            #expect(try await outsider.visit("/escalation-policies/policy/edit") == 403)
            try await outsider.visit("/escalation-policies")
            #expect(try await outsider.post("/escalation-policies", PolicyPagesTests.plain) == 403)
            #expect(policies(app)["policy"] == app.team.policy)
        }
    }

    @Test("Deleting a policy leaves its team without one")
    func delete() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/escalation-policies/policy")
            try await browser.send("/escalation-policies/policy/delete", [:])
            #expect(await browser.path == "/escalation-policies")
            #expect(policies(app).isEmpty)
            #expect(app.assembly.configuration.current.teams["team-ops"]?.defaultPolicyID == nil)
        }
    }

    @Test("Warnings of a preview show addresses only to users who may see them")
    func addresses() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let method = ContactMethod(id: "phone", userID: "bob", channel: .sms, address: "+385915550199")
            try await app.assembly.engine.configurator.change(by: .system) { _ throws(ConfigurationFault) in
                [.save(method)]
            }
            for (user, sees) in [("ada", false), ("bob", true), ("dana", true)] as [(UserID, Bool)] {
                let browser = try await Browser.signedIn(as: user, app)
                try await browser.visit("/escalation-policies/policy")
                #expect(await browser.page.contains("of Bob is not verified"), "\(user)")
                #expect(await browser.page.contains("+385915550199") == sees, "\(user)")
            }
        }
    }
}

extension Browser {
    /// Submits the editor's form with the values that the web page shows.
    fileprivate func submitEditor(_ path: String) async throws {
        let form = page.components(separatedBy: "action=\"\(path)\" class=\"form editor\"").last ?? ""
        var fields: [(String, String)] = []
        for match in form.matches(of: /<(input|select|textarea)([^>]*)>([^<]*)/) {
            let attributes = match.2
            guard let name = attributes.firstMatch(of: /name="([^"]*)"/)?.1, name != "token" else { continue }
            let value = attributes.firstMatch(of: /value="([^"]*)"/)?.1
            switch match.1 {
            case "input":
                guard !attributes.contains("checkbox") || attributes.contains("checked") else { continue }
                fields.append((String(name), String(value ?? "")))
            case "textarea": fields.append((String(name), String(match.3.drop { $0.isNewline })))
            default:
                let options = form[match.range.upperBound...].components(separatedBy: "</select>").first ?? ""
                let chosen = options.firstMatch(of: /value="([^"]*)" selected/)?.1
                fields.append((String(name), String(chosen ?? "")))
            }
        }
        let body = (fields + [("token", token)]).map { "\(encoded($0.0))=\(encoded($0.1))" }.joined(separator: "&")
        _ = try await request("POST", path, body, [("Content-Type", "application/x-www-form-urlencoded")])
    }
}
