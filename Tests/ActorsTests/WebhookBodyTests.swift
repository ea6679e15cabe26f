import Domain
import Formats
import TestSupport
import Testing

@testable import Actors

/// What a webhook gets, with and without a body of its own.
@Suite struct WebhookBodyTests {
    private static let body = #"""
        {"n": {number}, "type": "{type}", "t": "{title}", "x": "{text}", "sev": "{severity}", "state": "{state}",
         "team": "{team}", "source": "{source}", "link": "{link}", "at": "{opened_at}", "dup": {possible_duplicate},
         "id": "{id}", "host": "{labels.host}", "urgency": "{urgency}"}
        """#

    private func message(
        _ body: BodyTemplate, purpose: Page.Purpose? = nil, count: Int = 1, isDuplicate: Bool = false
    ) throws -> Message {
        var team = TestTeam()
        team.users[0].locale = "de"
        team.methods[0] = ContactMethod(
            id: "hook", userID: "ada", channel: .webhook, address: "https://x", verifiedAt: TestTeam.start, body: body)
        let incidents = (0..<count).map { index in
            Incident(
                id: IncidentID("incident-\(index)"), number: 7 + index, sourceID: "source", teamID: "team-ops",
                dedupKey: DedupKey("disk"), title: "Disk \"\(index)\"", text: "97 %",
                severity: index == 0 ? .warning : .error,
                links: [], labels: ["host": "db-1"], policy: TestTeam().policy, state: .triggered(.exhausted),
                openedAt: TestTeam.start)
        }
        let pages = incidents.enumerated().map { index, incident in
            Page(
                id: PageID("page-\(index)"), purpose: purpose ?? .incident(incident.id, cycle: 1, step: 0),
                userID: "ada", contactMethodID: "hook", channel: .webhook, address: "https://x", urgency: .high,
                dueAt: TestTeam.start, isPossibleDuplicate: isDuplicate && index == count - 1)
        }
        let writer = MessageWriter(
            acknowledgementLink: { "https://p/a/\($0)" }, incidentLink: { "https://p/incidents/\($0)" })
        return try writer.message("m-1", pages, purpose == nil ? incidents : [], team.configuration)
    }

    private func filled(_ message: Message) throws -> JSON { try JSONParser.parse(message.body ?? "") }

    @Test func `a page fills the body, in words for programs`() throws {
        let json = try filled(try message(BodyTemplate(text: Self.body)))
        let expected = [
            "n": "7", "type": "incident", "t": "Disk \"0\"", "x": "97 %", "sev": "warning", "state": "triggered",
            "team": "Operations", "source": "Prometheus", "link": "https://p/a/m-1", "at": "2026-03-04T12:00:00Z",
            "dup": "false", "id": "m-1", "host": "db-1", "urgency": "high",
        ]
        for (name, text) in expected { #expect(json[name]?.text == text, "\(name)") }
    }

    @Test func `several incidents fill in what they have in common`() throws {
        let json = try filled(try message(BodyTemplate(text: Self.body), count: 2, isDuplicate: true))
        #expect(json["n"]?.text == "7" && json["sev"]?.text == "error" && json["team"]?.text == "Operations")
        #expect(json["t"]?.text == "2 offene Vorfälle (vielleicht doppelt)" && json["dup"]?.text == "true")
        #expect(json["x"]?.text == "#7 Warnung: Disk \"0\"\n#8 Fehler: Disk \"1\"" && json["state"]?.text == "")
    }

    @Test func `a code, a test and a notice fill the body, too`() throws {
        let purposes: [(Page.Purpose, String)] = [
            (.test, "test"), (.verification(text: "Your code is 123456."), "verification"),
            (.notice(text: "On call"), "notice"),
        ]
        for (purpose, type) in purposes {
            let json = try filled(try message(BodyTemplate(text: Self.body), purpose: purpose))
            #expect(json["type"]?.text == type && json["n"]?.text == "0" && json["sev"]?.text == "info")
            #expect(json["x"]?.text?.isEmpty == false && json["link"]?.text == "" && json["dup"]?.text == "false")
        }
        let short = try message(BodyTemplate(text: "{title}", contentType: "text/plain"), purpose: purposes[1].0)
        #expect(short.body == "Your code is 123456." && short.contentType == "text/plain")
    }

    @Test(arguments: ["", " ", "{nothing}"])
    func `without a usable body it is PagerPal's JSON`(text: String) throws {
        let message = try message(BodyTemplate(text: text), isDuplicate: true)
        #expect(message.contentType == "application/json")
        let json = try filled(message)
        #expect(json["type"]?.text == "incident" && json["incidents"]?.array?.count == 1)
        #expect(json["possible_duplicate"] == .bool(true) && json["acknowledge_url"]?.text == "https://p/a/m-1")
        // Any page of a bundle that may have arrived marks it.
        let bundle = try filled(try self.message(BodyTemplate(text: text), count: 2, isDuplicate: true))
        #expect(bundle["possible_duplicate"] == .bool(true))
    }

    @Test func `a team channel fills the body with the incident's state`() throws {
        var team = TestTeam()
        let channel = TeamChannel(
            id: "hook", teamID: "team-ops", name: "Hook", channel: .webhook, address: "https://x",
            body: BodyTemplate(text: "{type} {number} {state} {owner} {title} {link}", contentType: "text/plain"))
        team.users[0].locale = "de"
        let owner = Author(kind: .user, id: "ada", name: "Ada")
        let incident = Incident(
            id: "incident", number: 7, sourceID: "source", teamID: "team-ops", dedupKey: DedupKey("disk"),
            title: "Disk full", text: "", severity: .critical, links: [], labels: [:], policy: team.policy,
            state: .acknowledged(by: owner, at: TestTeam.start, expiresAt: nil, position: .first),
            openedAt: TestTeam.start)
        let composer = PostComposer(incidentLink: { "https://p/incidents/\($0)" })
        let post = Post(
            channelID: "hook", incidentID: "incident", wanted: 1, attempts: 0, reference: nil, told: [])
        let message = composer.message(for: post, incident, in: channel, team.configuration)
        #expect(message.body == "update 7 acknowledged Ada Disk full https://p/incidents/7")
        #expect(message.contentType == "text/plain")
        #expect(composer.test("123456", for: channel, team.configuration).body?.contains("test 0") == true)
        let samples = composer.bodies(of: BodyTemplate(text: "{title} {text}"), at: TestTeam.start)
        #expect(samples.map(\.type) == ["update", "test"] && samples[1].body.contains("123456"))
        let plain = composer.message(
            for: post, incident,
            in: TeamChannel(
                id: "x", teamID: "team-ops", name: "", channel: .webhook, address: ""), team.configuration)
        #expect(plain.body?.contains(#""state":"acknowledged""#) == true && plain.contentType == "application/json")
    }
}
