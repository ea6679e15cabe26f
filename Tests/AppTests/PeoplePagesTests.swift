import Actors
import Domain
import Providers
import TestSupport
import Testing

@testable import App

@Suite("Teams, users and on-call web pages", .serialized)
struct PeoplePagesTests {
    @Test("The form creates a team and adds and orders its members", arguments: TestDatabase.kinds)
    func team(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let browser = try await Browser.signedIn(as: "dana", app)
            try await browser.visit("/teams/new")
            try await browser.send("/teams", ["name": "Web", "member-0": "bob", "member-1": "", "member-2": "ada"])
            let id = TeamID(String(try #require(await browser.path.split(separator: "/").last)))
            #expect(
                app.assembly.configuration.current.teams[id] == Team(id: id, name: "Web", memberIDs: ["bob", "ada"]))
            try await browser.send("/teams/\(id)", ["do": "up-1", "name": "Web", "member-0": "bob", "member-1": "ada"])
            let chosen = await browser.page.matches(of: /name="member-\d" value="(ada|bob)"/).map { String($0.1) }
            #expect(chosen == ["ada", "bob"])
            try await browser.send(
                "/teams/\(id)", ["do": "remove-0", "name": "Web", "member-0": "bob", "member-1": "ada"])
            #expect(await browser.page.contains(#"name="member-0" value="ada""#))
            #expect(await !browser.page.contains(#"name="member-1" value="#))
            try await browser.send("/teams/\(id)", ["name": "web", "member-0": "bob", "member-1": "bob"])
            #expect(await browser.status == 422)
            #expect(await browser.page.contains(#"id="member_ids-fault""#))
            try await browser.send("/teams/\(id)", ["name": "OPERATIONS", "member-0": "ghost"])
            #expect(await browser.page.contains(#"id="name-fault""#))
            #expect(await browser.page.contains(#"id="member-0-fault""#))
            try await browser.send("/teams/\(id)/delete", [:])
            #expect(await browser.path == "/teams")
            #expect(app.assembly.configuration.current.teams[id] == nil)
        }
    }

    @Test("A team that owns something can't be deleted, and a manager changes only their own teams")
    func teamRights() async throws {
        try await TestApp.run(.sqliteMemory, team: { $0.users[1].role = .manager }) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            try await dana.visit("/teams/team-ops")
            try await dana.send("/teams/team-ops/delete", [:])
            #expect(await dana.path == "/teams/team-ops")
            #expect(await dana.page.contains("The team owns the schedule “Primary”."))
            let bob = try await Browser.signedIn(as: "bob", app)
            try await bob.visit("/teams/team-ops/edit")
            try await bob.send(
                "/teams/team-ops", ["name": "Ops", "default_policy_id": "policy", "member-0": "bob", "member-1": "ada"])
            #expect(app.assembly.configuration.current.teams["team-ops"]?.name == "Ops")
            #expect(try await bob.send("/teams/team-other", ["name": "Mine", "member-0": "bob"]) == 403)
            #expect(app.assembly.configuration.current.teams["team-other"]?.name == "Other")
        }
    }

    @Test("The web page shows who is on call at any instant, in the reader's time zone")
    func onCall() async throws {
        try await TestApp.run(
            .sqliteMemory,
            team: { team in
                team.users[0].timeZone = "Europe/Zagreb"
                team.schedule.layers[0].participants = ["ada", "bob"]
            }
        ) { app in
            let browser = try await Browser.signedIn(as: "ada", app)
            try await browser.visit("/oncall")
            #expect(await browser.page.contains(#"<span class="who">Ada</span>"#))
            #expect(await browser.page.contains("Tue 10 Mar, 10:00"))
            try await browser.visit("/oncall?at=2026-03-10T09:59")
            #expect(await browser.page.contains(#"<span class="who">Ada</span>"#))
            try await browser.visit("/oncall?at=2026-03-10T10:00")
            #expect(await browser.page.contains(#"<span class="who">Bob</span>"#))
            #expect(try await browser.visit("/oncall?at=later") == 422)
            #expect(await browser.page.contains("Write a day and a time"))
        }
    }

    @Test("A new user without a password is a contact, one with a password can sign in", arguments: TestDatabase.kinds)
    func users(_ kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            try await dana.visit("/users/new")
            let base = ["name": "Eve", "role": "responder", "time_zone": "UTC", "locale": "en", "team": "team-ops"]
            try await dana.post("/users", base.merging(["email": "eve@example.com", "password": "short"]) { $1 })
            #expect(await dana.status == 422)
            #expect(await dana.page.contains(#"id="password-fault""#))
            #expect(await dana.page.contains(#"value="eve@example.com""#))
            try await dana.post("/users", base.merging(["email": "eve@example.com", "password": ""]) { $1 })
            let id = UserID(String(try #require(await dana.path.split(separator: "/").last)))
            #expect(await dana.page.contains("none: only paged"))
            #expect(app.assembly.configuration.current.teams["team-ops"]?.memberIDs == ["ada", "bob", id])

            try await dana.send("/users/\(id)/password", ["password": "a long enough password"])
            let eve = Browser(app)
            try await eve.visit("/login")
            let login: KeyValuePairs = ["email": "eve@example.com", "password": "a long enough password", "next": ""]
            try await eve.send("/login", login)
            #expect(await eve.path == "/dashboard")
            try await dana.send("/users/\(id)/password/delete", [:])
            try await eve.visit("/dashboard")
            #expect(await eve.path.hasPrefix("/login"))
        }
    }

    @Test("An administrator adds, verifies and disables a contact method that others can't see")
    func contacts() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            try await dana.visit("/users/bob")
            try await dana.send(
                "/users/bob/contact-methods", ["channel": "sms", "address": "091 555", "label": "<i>Mobile"])
            #expect(await dana.status == 422)
            #expect(await dana.page.contains(#"id="address-fault""#))
            #expect(await dana.page.contains(#"value="091 555""#))
            try await dana.send(
                "/users/bob/contact-methods", ["channel": "sms", "address": "+385 91 555-0199", "label": "<i>Mobile"])
            #expect(await dana.page.contains("&lt;i&gt;Mobile"))
            let method = try #require(
                app.assembly.configuration.current.contactMethods.values.first { $0.address == "+385915550199" })
            let path = "/users/bob/contact-methods/\(method.id)"
            try await dana.send("\(path)/code", [:])
            try await app.expectPages(["sms +385915550199"])
            try await dana.send("\(path)/verification", ["code": "000"])
            #expect(await dana.status == 422)
            #expect(await dana.page.contains("It is wrong, has expired, or was tried too often."))
            let text = try #require(await app.outbox.messages.last?.text)
            let code = String(try #require(text.firstMatch(of: /\d{6}/)).0)
            try await dana.send("\(path)/verification", ["code": code])
            #expect(app.assembly.configuration.current.contactMethods[method.id]?.isUsable == true)
            try await dana.send("\(path)/enabled", [:])
            #expect(app.assembly.configuration.current.contactMethods[method.id]?.isUsable == false)

            let ada = try await Browser.signedIn(as: "ada", app)
            try await ada.visit("/users/bob")
            #expect(await !ada.page.contains("+385915550199"))
            for action in ["enabled", "delete", "code", "verification"] {
                #expect(try await ada.send("\(path)/\(action)", [:]) == 403, "\(action)")
            }
            // Under one's own path, another user's method is not found.
            let own = "/users/ada/contact-methods/\(method.id)/delete"
            #expect(try await ada.send(own, [:]) == 404)
            try await dana.send("\(path)/delete", [:])
            #expect(app.assembly.configuration.current.contactMethods[method.id] == nil)
        }
    }

    @Test("Disabling moves incidents on, deleting says what prevents it, the last administrator stays")
    func leaving() async throws {
        try await TestApp.run(
            .sqliteMemory,
            team: { team in
                team.tellNobody()
                team.schedule.layers[0].participants = ["ada", "bob"]
            }
        ) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            try await dana.visit("/users/ada")
            try await dana.send("/users/ada/enabled", [:])
            #expect(app.assembly.configuration.current.users["ada"]?.isEnabled == false)
            try await dana.visit("/oncall")
            #expect(await dana.page.contains(#"<span class="who">Bob</span>"#))
            try await dana.send("/users/bob/delete", [:])
            #expect(await dana.page.contains("A step of the escalation policy “Standard” pages nobody else."))
            try await dana.send("/users/dana/enabled", [:])
            #expect(await dana.page.contains("This is the last administrator."))
            try await dana.send("/users/cleo/delete", [:])
            #expect(await dana.path == "/users")
            #expect(app.assembly.configuration.current.users["cleo"] == nil)
        }
    }

    @Test("The list of users can be searched by name, team and role")
    func search() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let ada = try await Browser.signedIn(as: "ada", app)
            let names = { () async in
                await ada.page.matches(of: /<a href="\/users\/\w+">(\w+)<\/a>/).map { String($0.1) }
            }
            for (query, expected) in [
                ("", ["Ada", "Bob", "Cleo", "Dana"]), ("q=BOB", ["Bob"]), ("team=team-ops", ["Ada", "Bob"]),
                ("role=admin", ["Dana"]), ("q=zzz", []), ("start=2", ["Cleo", "Dana"]),
                ("start=-7", ["Ada", "Bob", "Cleo", "Dana"]),
            ] as [(String, [String])] {
                #expect(try await ada.visit("/users?\(query)") == 200)
                #expect(await names() == expected, "\(query)")
            }
        }
    }

    @Test("Every web page shows markup in names as text")
    func hostileNames() async throws {
        let evil = "<script>alert('1')</script>\"><img src=x>"
        try await TestApp.run(
            .sqliteMemory,
            team: { team in
                for index in 0..<2 { team.users[index].name = "\(evil)\(index)" }
                team.schedule.name = evil
                team.schedule.layers[0].name = evil
                team.schedule.layers[0].participants = ["ada", nil, "bob"]
                team.schedule.overrides = [
                    .init(
                        id: "override", change: .replace("ada", with: "bob"), from: TestTeam.start,
                        to: TestTeam.start + .hours(5), author: evil, madeAt: TestTeam.start)
                ]
                team.policy.name = evil
                team.policy.routes = [.init(labels: [evil: evil], policyID: "other")]
            }
        ) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            for path in [
                "/oncall", "/schedules", "/schedules/schedule", "/schedules/schedule?view=month",
                "/schedules/schedule/edit", "/schedules/schedule/layers/0", "/schedules/schedule/layers/new", "/teams",
                "/teams/team-ops", "/teams/team-ops/edit", "/users", "/users/ada", "/users/ada/edit",
                "/escalation-policies", "/escalation-policies/policy", "/escalation-policies/policy/edit",
            ] {
                #expect(try await dana.visit(path) == 200, "\(path)")
                let page = await dana.page
                #expect(!page.contains("<script>alert") && !page.contains("<img"), "\(path)")
                #expect(page.contains("&lt;script&gt;alert(&#39;1&#39;)&lt;/script&gt;&quot;&gt;"), "\(path)")
            }
            try await dana.visit("/users?q=%3Cscript%3Ealert('1')%3C/script%3E%22%3E%3Cimg%3E")
            let found = await dana.page
            #expect(!found.contains("<script>alert") && !found.contains("<img"))
            try await dana.visit("/oncall?at=%22%3E%3Cimg%3E")
            #expect(await !dana.page.contains("<img"))
        }
    }
}
