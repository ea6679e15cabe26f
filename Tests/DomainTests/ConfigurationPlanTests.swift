import Domain
import Formats
import TestSupport
import Testing

/// Configuration files: what `export` writes, `apply` reads.
@Suite struct ConfigurationPlanTests {
    private static let now = TestTeam.start

    private func context(_ variables: [String: String] = [:], prefix: String = "new") -> DocumentContext {
        DocumentContext(
            identifiers: .counting(prefix), keys: KeyGenerator(key: { "generated-key" }, random: { $0.lowerBound }),
            variable: { variables[$0] }, setKey: { source, key in source.keyHash = "hash of \(key)" },
            sources: ConfigurationPlanTests.rules,
            now: ConfigurationPlanTests.now)
    }

    private static let rules = SourceRules(
        kinds: [FieldChoice("generic", "Generic"), FieldChoice("grafana", "Grafana")], optionFaults: { _ in [] },
        protections: { $0 == "grafana" ? ["require_signature"] : [] })

    /// A configuration with something of each kind.
    private func full() -> Configuration {
        var team = TestTeam()
        team.rules = [
            NotificationRule(
                id: "rule", userID: "ada", urgency: .high, delay: .minutes(2), contactMethodID: "mail-ada")
        ]
        team.schedule.layers[0].participants = ["ada", "bob", nil]
        team.schedule.layers[0].firstPlace = 1
        team.schedule.overrides = [
            .init(
                id: "old", change: .only("bob"), from: Self.now - .days(3), to: Self.now - .days(2), author: "Ada",
                madeAt: Self.now - .days(4)),
            .init(
                id: "next", change: .replace("ada", with: "cleo"), from: Self.now + .days(1), to: Self.now + .days(2),
                author: "Ada", madeAt: Self.now),
        ]
        team.policy.routes = [.init(severities: [.info], policyID: "policy-2")]
        team.source.options = #"{"secret":"hidden-secret","title":"t"}"#
        var configuration = team.configuration
        let calm = EscalationPolicy(
            id: "policy-2", name: "Calm", teamID: "team-ops",
            steps: [.init(targets: [.roundRobin("team-ops"), .team("team-other")], delay: .minutes(30))])
        configuration.policies["policy-2"] = calm
        let heartbeat = Heartbeat(
            id: "beat", name: "Backup", teamID: "team-ops", policyID: "policy-2", rhythm: .every(.hours(24)),
            token: "hb_hidden-token")
        configuration.heartbeats["beat"] = heartbeat
        configuration.maintenanceWindows["window"] = MaintenanceWindow(
            id: "window", name: "Upgrade", teamID: "team-ops", sources: ["source", "beat"],
            labels: ["env": "production"],
            span: .once(from: Self.now + .days(1), to: Self.now + .days(1) + .hours(1)))
        configuration.messageTemplates["words"] = MessageTemplate(
            id: "words", use: .text, language: .de, text: "{title}\n{link}")
        configuration.messageTemplates["others"] = MessageTemplate(id: "others", use: .opening, text: "{{Hi}}")
        return configuration
    }

    @Test func `a file names things, and contains no ids, keys, tokens or secrets`() {
        let text = full().document(at: Self.now, Self.rules).description
        for hidden in ["team-ops", "mail-ada", "policy-2", "hb_hidden-token", "hidden-secret", "\"id\"", "\"old\""] {
            #expect(!text.contains(hidden), "\(hidden)")
        }
        for shown in [
            "ada@example.com", "\"default_policy\":\"Standard\"", "SECRET_OF_PROMETHEUS", "\"first_place\":1",
        ] {
            #expect(text.contains(shown), "\(shown)")
        }
    }

    @Test func `applying what was exported changes nothing`() throws {
        let plan = try full().plan(full().document(at: Self.now, Self.rules), prunes: true, context())
        #expect(plan.lines == [])
    }

    @Test func `a copy is the same under other ids, and puts the same person on call`() throws {
        let (original, secret) = (full(), ["SECRET_OF_PROMETHEUS": "s"])
        let document = original.document(at: Self.now, Self.rules)
        let plan = try Configuration().plan(document, context(secret))
        let copy = Configuration().applying(plan.changes)
        #expect(copy.document(at: Self.now, Self.rules) == document)
        #expect(Set(copy.users.keys).isDisjoint(with: original.users.keys))
        #expect(plan.keys.map(\.source) == ["Prometheus"])
        let (old, new) = (try #require(original.schedules.values.first), try #require(copy.schedules.values.first))
        for day in 0..<30 {
            let instant = Self.now + .days(day)
            #expect(
                new.onCall(at: instant).map { copy.name(of: $0) }
                    == old.onCall(at: instant).map { original.name(of: $0) })
        }
        #expect(try copy.plan(document, prunes: true, context(secret, prefix: "other")).lines == [])
    }

    /// A new source of the kind would be protected. The copy of one that isn't must take the same payloads.
    @Test(arguments: ["{}", #"{"require_signature":false}"#, #"{"require_signature":true}"#])
    func `a copy of a source is as protected as the source`(_ options: String) throws {
        var team = TestTeam()
        team.source.kind = "grafana"
        team.source.options = options
        let document = team.configuration.document(at: Self.now, Self.rules)
        let copy = Configuration().applying(try Configuration().plan(document, context()).changes)
        let isProtected = options.contains("true")
        #expect(copy.sources.values.first?.options == #"{"require_signature":\#(isProtected)}"#)
        #expect(try copy.plan(document, context()).lines == [])
        // A file that says nothing of it changes nothing.
        let silent = try JSONParser.parse(
            document.description.replacing(#""require_signature":\#(isProtected)"#, with: ""))
        #expect(try copy.plan(silent, context()).lines == [])
    }

    @Test func `a changed member is one change, which names it`() throws {
        var document = full().document(at: Self.now, Self.rules)
        document = document.replacing("schedules", 0, "time_zone", .string("Europe/Zagreb"))
        let plan = try full().plan(document, context())
        #expect(plan.lines.map(\.description) == ["~ schedule Operations/Primary: time_zone"])
        #expect(plan.changes.count == 1)
    }

    @Test func `resources missing from the file stay, unless pruned`() throws {
        let document = JSON.members([
            ("version", .number("1")),
            ("heartbeats", .array([])),
            ("maintenance_windows", .array([])),
        ])
        #expect(try full().plan(document, context()).lines == [])
        let pruned = try full().plan(document, prunes: true, context())
        #expect(
            pruned.lines.map(\.description) == [
                "- maintenance window Operations/Upgrade", "- heartbeat Operations/Backup",
            ])
    }

    @Test func `resources in use can't be pruned`() {
        var document = full().document(at: Self.now, Self.rules)
        document = document.replacing("schedules", .array([]))
        #expect(throws: DocumentFaults.self) { try full().plan(document, prunes: true, context()) }
    }

    @Test(arguments: [
        (#"{"version":2}"#, "version"), (#"{"version":1,"things":[]}"#, "things"),
        (#"{"version":1,"teams":{}}"#, "teams"),
        (#"{"version":1,"teams":[{}]}"#, "teams[0]"), (#"{"version":1,"schedules":[{"name":"x"}]}"#, "schedules[0]"),
        (#"{"version":1,"teams":[{"name":"A"},{"name":"a"}]}"#, "teams[1]"),
        (#"{"version":1,"teams":[{"name":"A","colour":"x"}]}"#, "teams[0].colour"),
        (#"{"version":1,"users":[{"email":"x@example.com","role":"boss","name":"X"}]}"#, "users[0].role"),
        (#"{"version":1,"alert_sources":[{"name":"A","team":"Operations","key":"plain"}]}"#, "alert_sources[0].key"),
        (
            #"{"version":1,"alert_sources":[{"name":"A","team":"Operations","key":{"env":"NONE"}}]}"#,
            "alert_sources[0].key"
        ),
        (#"{"version":1,"teams":[{"name":"A","members":["nobody@example.com"]}]}"#, "member_ids[0]"), ("[]", ""),
        (#"{"version":1,"message_templates":[{"text":"x"}]}"#, "message_templates[0]"),
        (
            #"{"version":1,"message_templates":[{"use":"text","text":"x"},{"use":"text","language":"all","text":"y"}]}"#,
            "message_templates[1]"
        ),
        (#"{"version":1,"message_templates":[{"use":"text","text":"{host}"}]}"#, "text"),
    ])
    func `faults have their place`(text: String, place: String) throws {
        let document = try JSONParser.parse(Array(text.utf8))
        do {
            _ = try full().plan(document, context())
            Issue.record("\(text) was accepted")
        } catch {
            #expect(error.faults.map(\.field).contains(place), "\(error)")
        }
    }

    @Test func `a message template is found by its use and language`() throws {
        let text = #"""
            {"version":1,"message_templates":[{"use":"opening","text":"Ho"},
             {"use":"text","language":"de","text":"{title}\n{link}"}, {"use":"voice","text":"{title}"}]}
            """#
        let plan = try full().plan(try JSONParser.parse(Array(text.utf8)), prunes: true, context())
        #expect(
            plan.lines.map(\.description) == [
                "~ message template opening/all: text", "+ message template voice/all",
            ])
        let templates = full().applying(plan.changes).messageTemplates
        #expect(templates.count == 3)
        #expect(templates["others"]?.text == "Ho")
    }

    @Test func `a key and a secret come from the environment`() throws {
        let text = #"""
            {"version":1,"alert_sources":[{"name":"New","team":"Operations","kind":"grafana","key":{"env":"KEY"},
             "options":{"secret":{"env":"SECRET"}}}]}
            """#
        let document = try JSONParser.parse(Array(text.utf8))
        let plan = try full().plan(document, context(["KEY": "k", "SECRET": "s"]))
        let source = try #require(full().applying(plan.changes).sources.values.first { $0.name == "New" })
        #expect(source.keyHash == "hash of k")
        #expect(source.options == #"{"secret":"s","require_signature":true}"#)
        #expect(plan.keys.isEmpty)
        #expect(!plan.lines.description.contains("\"s\""))
    }

    @Test func `people are changed with their contact methods and rules`() throws {
        let text = #"""
            {"version":1,"users":[{"email":"ada@example.com","contact_methods":[
              {"channel":"sms","address":"+385 91 555 0101","verified":true}],
             "notification_rules":[{"urgency":"high","contact_method":"sms +385915550101"}]},
             {"email":"bob@example.com"},{"email":"cleo@example.com"},{"email":"dana@example.com"}]}
            """#
        let document = try JSONParser.parse(Array(text.utf8))
        let plan = try full().plan(document, prunes: true, context())
        let after = full().applying(plan.changes)
        #expect(after.contactMethods(of: "ada").map(\.address) == ["+385915550101"])
        #expect(after.contactMethods(of: "ada").first?.verifiedAt == Self.now)
        #expect(after.rules["ada"]?.map(\.contactMethodID) == after.contactMethods(of: "ada").map(\.id))
        #expect(after.contactMethods(of: "bob").count == 1, "what the file leaves out stays")
    }

    @Test func `a webhook's body goes through a file, for a person and a team`() throws {
        var before = full()
        let body = BodyTemplate(text: #"{"t": "{title}"}"#, contentType: "application/vnd.x+json")
        let hook = ContactMethod(
            id: "hook", userID: "ada", channel: .webhook, address: "https://x.example.com", body: body)
        let channel = TeamChannel(
            id: "hook", teamID: "team-ops", name: "Hook", channel: .webhook, address: "https://y.example.com",
            body: body)
        before.contactMethods[hook.id] = hook
        before.teamChannels[channel.id] = channel
        let document = before.document(at: Self.now, Self.rules)
        #expect(try before.plan(document, context()).changes.isEmpty)
        let after = full().applying(try full().plan(document, context()).changes)
        #expect(after.contactMethods(of: "ada").first { $0.channel == .webhook }?.body == body)
        #expect(after.teamChannels.values.first { $0.name == "Hook" }?.body == body)
    }

    @Test(arguments: [("1", "team-ops"), ("2", "team-other"), ("3", nil), ("01", nil), ("-1", nil), ("x", nil)])
    func `a number finds what it was given to`(text: String, id: String?) {
        var configuration = full()
        configuration.numbers[.team("team-ops")] = 1
        configuration.numbers[.team("team-other")] = 2
        #expect(configuration.numbers.id(.team, numbered: text) == id)
        #expect(configuration.team(named: text)?.id.rawValue == id)
        let json = JSON.members([("team_id", .string(text)), ("name", .string(text))])
        #expect(configuration.withIDs(json)["team_id"]?.text == id ?? text)
        #expect(configuration.withIDs(json)["name"]?.text == text)
    }
}

extension JSON {
    /// The object with another value for a member.
    fileprivate func replacing(_ name: String, _ value: JSON) -> JSON {
        guard case .object(var object) = self else { return self }
        object[name] = value
        return .object(object)
    }

    fileprivate func replacing(_ section: String, _ index: Int, _ name: String, _ value: JSON) -> JSON {
        var entries = self[section]?.array ?? []
        entries[index] = entries[index].replacing(name, value)
        return replacing(section, .array(entries))
    }
}
