import Actors
import Domain
import Formats
import Providers
import Store
import Synchronization
import TestSupport
import Testing

@testable import App

/// What teams read in their channels.
@Suite struct TeamChannelScenarios {
    @Test(arguments: TestDatabase.kinds)
    func `an incident is one message that is edited`(kind: TestDatabase) async throws {
        let time = ManualTime()
        let chat = ChatProvider(time: time.source)
        try await TestApp.run(kind, time: time, team: { $0.tellNobody() }, posters: [chat]) { app in
            try await addChannel(app, chat, kind: "slack", address: "C024BE91L")
            try await app.alert(#"{"title": "Disk full", "severity": "critical"}"#)
            try await app.waitUntil { await chat.messages.count == 2 }
            try await app.act("acknowledge")
            try await app.waitUntil { await chat.messages.count == 3 }
            try await app.act("resolve")
            try await app.waitUntil { await chat.messages.count == 4 }
            let posts = await chat.messages.dropFirst()
            #expect(posts.map(\.edits) == [nil, "ref-2", "ref-2"])
            #expect(
                posts.map { $0.shortText.prefix { $0 != "\n" } } == [
                    "Nobody has it", "Acknowledged by Dana after 0 s", "Resolved by Dana after 0 s",
                ])
            #expect(
                posts.allSatisfy {
                    $0.subject == "[#1 CRITICAL] Disk full" && $0.url?.hasSuffix("/incidents/1") == true
                })
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a channel that can't be edited hears of each state once`(kind: TestDatabase) async throws {
        let time = ManualTime()
        let chat = ChatProvider(time: time.source, edits: false)
        try await TestApp.run(kind, time: time, team: { $0.tellNobody() }, posters: [chat]) { app in
            try await addChannel(app, chat, kind: "slack", address: "C024BE91L")
            try await app.alert(#"{"title": "Disk full", "severity": "critical"}"#)
            try await app.waitUntil { await chat.messages.count == 2 }
            for action in ["escalate", "escalate", "acknowledge", "resolve", "reopen", "acknowledge", "resolve"] {
                try await app.act(action)
                try await app.waitUntil {
                    try await app.assembly.store.nextPost(except: []) == nil
                }
            }
            let lines = await chat.messages.dropFirst().map { String($0.shortText.prefix { $0 != "\n" }) }
            #expect(
                lines == [
                    "Nobody has it", "Nobody has it. Escalated 1×", "Acknowledged by Dana after 0 s",
                    "Resolved by Dana after 0 s",
                ])
            try await app.takePages()
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a channel that hangs delays no page, and its failure is told`(kind: TestDatabase) async throws {
        let time = ManualTime()
        let chat = ChatProvider(time: time.source)
        try await TestApp.run(kind, time: time, team: { $0.tellNobody() }, posters: [chat]) { app in
            try await addChannel(app, chat, kind: "slack", address: "C024BE91L")
            await chat.answer(.permanent(Fault(.recipient, "Slack refused the message: is_archived.")))
            try await app.alert(#"{"title": "Disk full", "severity": "critical"}"#)
            try await app.expectPages(["email ada@example.com"])
            try await app.waitForTimeline(
                "PagerPal the post to #ops failed: Slack refused the message: is_archived.")
            let list = try await app.send("GET", "/api/v1/team-channels")
            #expect(
                list.json["items"]?.array?.first?["last_post"]?["fault"]?.text
                    == "Slack refused the message: is_archived.")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a step posts to the channel that it names, and a message that is gone is sent anew`(kind: TestDatabase)
        async throws
    {
        let time = ManualTime()
        let chat = ChatProvider(time: time.source)
        try await TestApp.run(
            kind, time: time,
            team: { team in
                team.tellNobody()
                team.channels = [
                    TeamChannel(
                        id: "ops", teamID: "team-ops", name: "#ops", channel: .slack, address: "C024BE91L",
                        follows: false, verifiedAt: TestTeam.start)
                ]
                team.policy.steps.insert(.init(targets: [.channel("ops")], delay: .minutes(2)), at: 0)
            }, posters: [chat]
        ) { app in
            try await app.alert(#"{"title": "Disk full", "severity": "critical"}"#)
            try await app.waitUntil { await chat.messages.count == 1 }
            try await app.expectPages([])
            try await app.waitForTimeline("PagerPal step 1: posting to #ops")
            try await app.advance(.minutes(2))
            try await app.expectPages(["email ada@example.com"])
            try await app.waitUntil { await chat.messages.count == 2 }
            await chat.answer(.permanent(Fault(.message, "message_not_found")))
            try await app.act("acknowledge")
            try await app.waitUntil { await chat.messages.count == 4 }
            let edits = await chat.messages.map(\.edits)
            #expect(edits == [nil, "ref-1", "ref-1", nil])
        }
    }
}

extension TeamChannelScenarios {
    /// Adds `#ops` and verifies it by the code that is posted there.
    fileprivate func addChannel(
        _ app: TestApp, _ chat: ChatProvider, kind: String, address: String
    ) async throws {
        let made = try await app.send(
            "POST", "/api/v1/team-channels",
            "{\"team_id\": \"team-ops\", \"name\": \"#ops\", \"channel\": \"\(kind)\", \"address\": \"\(address)\"}")
        #expect(made.status == 201, "\(made.json)")
        let id = try #require(made.json["id"]?.text)
        #expect(made.json["verified_at"] == nil)
        let sent = try await app.send("POST", "/api/v1/team-channels/\(id)/send-code")
        #expect(sent.status == 202, "\(sent.json)")
        let wrong = try await app.send("POST", "/api/v1/team-channels/\(id)/verify", #"{"code": "no"}"#)
        #expect(wrong.status == 422)
        let text = await chat.messages.last?.text ?? ""
        let code = try #require(text.firstMatch(of: /the code (\d+)/)?.1)
        let verified = try await app.send("POST", "/api/v1/team-channels/\(id)/verify", "{\"code\": \"\(code)\"}")
        #expect(verified.status == 200 && verified.json["verified_at"] != nil, "\(verified.json)")
    }
}

/// A chat whose messages have ids.
private actor ChatProvider: Provider {
    nonisolated let name = "chat"
    nonisolated let channels: Set<Channel> = [.slack]
    nonisolated let gate: Gate
    private(set) var messages: [Message] = []
    private let edits: Bool
    private var next: Receipt?

    init(time: TimeSource, edits: Bool = true) {
        gate = Gate(limits: ProviderLimits(perSecond: 1_000, burst: 1_000, concurrency: 8), time: time)
        self.edits = edits
    }

    nonisolated func reportTimeout(for channel: Channel) -> Duration? { nil }

    /// What to answer to the next message.
    func answer(_ receipt: Receipt) { next = receipt }

    func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        messages.append(message)
        if let receipt = next {
            next = nil
            return receipt
        }
        return .accepted(reference: edits ? message.edits ?? "ref-\(messages.count)" : nil, note: nil)
    }
}
