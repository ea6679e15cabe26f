import Actors
import Database
import Domain
import Formats
import Integrations
import Providers
import Store
import TestSupport
import Testing

@testable import App

/// A provider that gives the test's answers. When they run out, it accepts everything.
actor ScriptedProvider: Provider {
    nonisolated let name = "scripted"
    nonisolated let channels: Set<Channel> = [.sms]
    nonisolated let gate: Gate
    private var answers: [Receipt]
    private let report: Duration?
    private(set) var attempts: [String] = []

    init(_ answers: [Receipt], reportTimeout: Duration? = nil, time: TimeSource) {
        self.answers = answers
        report = reportTimeout
        gate = Gate(limits: ProviderLimits(perSecond: 1_000, burst: 100, concurrency: 8), time: time)
    }

    nonisolated func reportTimeout(for channel: Channel) -> Duration? { report }

    func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        attempts.append(message.id)
        return answers.isEmpty ? .accepted(reference: nil, note: nil) : answers.removeFirst()
    }

    /// Accepts everything from now on.
    func recover() { answers = [] }
}

@Suite struct DeliveryScenarios {
    static let down = Receipt.temporary(Fault(.transient, "The provider answered 500."), retryAfter: nil)

    /// Ada gets an SMS at once and an e-mail after four minutes.
    static func rules(_ team: inout TestTeam) {
        team.methods.append(
            ContactMethod(
                id: "sms-ada", userID: "ada", channel: .sms, address: "+385915550101", verifiedAt: TestTeam.start))
        team.rules = [
            NotificationRule(id: "r1", userID: "ada", urgency: .high, delay: .zero, contactMethodID: "sms-ada"),
            NotificationRule(id: "r2", userID: "ada", urgency: .high, delay: .minutes(4), contactMethodID: "mail-ada"),
        ]
    }

    @Test(arguments: TestDatabase.available)
    func `a temporary failure is retried with the same message`(kind: TestDatabase) async throws {
        let time = ManualTime()
        let provider = ScriptedProvider([DeliveryScenarios.down, DeliveryScenarios.down], time: time.source)
        try await TestApp.run(kind, time: time, team: DeliveryScenarios.rules, providers: { _ in [provider] }) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.advance(.seconds(30))
            let attempts = await provider.attempts
            #expect(attempts.count == 3 && Set(attempts).count == 1)
            let timeline = try await app.timeline()
            #expect(timeline.contains("PagerPal SMS to Ada sent"))
            try await app.act("acknowledge")
        }
    }

    /// After five failed attempts, Ada's address is left alone, but Bob's is not.
    @Test(arguments: TestDatabase.kinds)
    func `one address that keeps failing delays nobody else, and its next page moves on at once`(
        kind: TestDatabase
    ) async throws {
        let time = ManualTime()
        let dead = Receipt.temporary(
            Fault(.transient, "The webhook answered 503.", scope: .destination), retryAfter: nil)
        let provider = ScriptedProvider(Array(repeating: dead, count: 5), time: time.source)
        try await TestApp.run(
            kind, time: time,
            team: { team in
                DeliveryScenarios.rules(&team)
                team.methods.append(
                    ContactMethod(
                        id: "sms-bob", userID: "bob", channel: .sms, address: "+385915550102",
                        verifiedAt: TestTeam.start))
                team.rules.append(
                    NotificationRule(id: "r3", userID: "bob", urgency: .high, delay: .zero, contactMethodID: "sms-bob"))
            }, dispatch: Dispatcher.Settings(retry: RetryPolicy(firstDelay: .milliseconds(100)), bundlingWindow: .zero),
            providers: { _ in [provider] }
        ) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            for _ in 0..<10 where await provider.attempts.count < 5 {
                time.advance(by: .milliseconds(900))
                try await app.settle()
            }
            try await app.waitForTimeline("PagerPal e-mail to Ada is next, at once")
            try await app.alert(#"{"title": "Fan broken"}"#)
            try await app.waitForTimeline("PagerPal e-mail to Ada is next, at once", of: 2)
            #expect(await provider.attempts.count == 5, "the address is left alone")
            try await app.act("escalate", on: 2)
            try await app.waitForTimeline("PagerPal SMS to Bob sent", of: 2)
            try await app.takePages()
            try await app.act("acknowledge")
            try await app.act("acknowledge", on: 2)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a page out of attempts fails visibly and the next channel starts at once`(kind: TestDatabase) async throws {
        let time = ManualTime()
        let provider = ScriptedProvider(Array(repeating: DeliveryScenarios.down, count: 9), time: time.source)
        let dispatch = Dispatcher.Settings(retry: RetryPolicy(attempts: 3), bundlingWindow: .zero)
        try await TestApp.run(
            kind, time: time, team: DeliveryScenarios.rules, dispatch: dispatch, providers: { _ in [provider] }
        ) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.advance(.seconds(20))
            #expect(await provider.attempts.count == 3)
            try await app.waitForTimeline("PagerPal e-mail to Ada is next, at once")
            try await app.expectPages(["email ada@example.com"])
            let timeline = try await app.timeline()
            #expect(timeline.contains("PagerPal SMS to Ada failed: The provider answered 500."))
            try await app.act("acknowledge")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a page that was never sent is retried with pauses and then fails visibly`(kind: TestDatabase) async throws {
        let time = ManualTime()
        let answers = Array(repeating: Receipt.notSent(reason: "The words can't be read."), count: 99)
        let provider = ScriptedProvider(answers, time: time.source)
        let dispatch = Dispatcher.Settings(retry: RetryPolicy(attempts: 3), bundlingWindow: .zero)
        try await TestApp.run(
            kind, time: time, team: DeliveryScenarios.rules, dispatch: dispatch, providers: { _ in [provider] }
        ) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            #expect(await provider.attempts.count == 1)
            try await app.advance(.seconds(20))
            #expect(await provider.attempts.count == 3)
            try await app.waitForTimeline("PagerPal SMS to Ada failed: The words can't be read.")
            try await app.waitForTimeline("PagerPal e-mail to Ada is next, at once")
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a permanent failure is not retried, and with no way left the next step starts`(kind: TestDatabase)
        async throws
    {
        let time = ManualTime()
        let provider = ScriptedProvider([.permanent(Fault(.recipient, "No such number."))], time: time.source)
        let onlySMS: (inout TestTeam) -> Void = { team in
            DeliveryScenarios.rules(&team)
            team.rules.removeLast()
        }
        try await TestApp.run(kind, time: time, team: onlySMS, providers: { _ in [provider] }) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.waitForTimeline("PagerPal no page of this turn arrived; the next step starts now")
            try await app.expectPages(["email bob@example.com"])
            #expect(await provider.attempts.count == 1)
            try await app.act("acknowledge")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `sent is not delivered: without a report in time the next channel starts`(kind: TestDatabase)
        async throws
    {
        let time = ManualTime()
        let provider = ScriptedProvider([], reportTimeout: .minutes(1), time: time.source)
        try await TestApp.run(kind, time: time, team: DeliveryScenarios.rules, providers: { _ in [provider] }) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.advance(.seconds(50))
            try await app.expectPages([])
            // The clock looks for overdue reports every 15 seconds.
            try await app.advance(.seconds(40))
            try await app.waitForTimeline("PagerPal e-mail to Ada is next, at once")
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge")
        }
    }

    @Test(arguments: TestDatabase.available)
    func `reports come in over HTTP, with the token only`(kind: TestDatabase) async throws {
        let time = ManualTime()
        let provider = ScriptedProvider([], reportTimeout: .minutes(1), time: time.source)
        try await TestApp.run(
            kind, time: time, settings: { $0.receiptToken = Secret("receipt-token") }, team: DeliveryScenarios.rules,
            providers: { _ in [provider] }
        ) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            let id = try #require(await provider.attempts.first)
            let status = #"{"groupId":3,"id":5,"name":"DELIVERED_TO_HANDSET"}"#
            let body = #"{"results":[{"messageId":"\#(id)","status":\#(status)}]}"#
            func post(_ query: String, _ body: String) async throws -> Int {
                try await app.send("POST", "/api/v1/receipts/infobip\(query)", body, headers: []).status
            }
            #expect(try await post("", body) == 401)
            #expect(try await post("?token=wrong", body) == 401)
            #expect(try await post("?token=receipt-token", "<xml/>") == 400)
            for _ in 0..<2 { #expect(try await post("?token=receipt-token", body) == 204) }
            let timeline = try await app.timeline()
            #expect(timeline.filter { $0 == "PagerPal SMS to Ada delivered" }.count == 1)
            try await app.act("acknowledge")
            try await app.advance(.minutes(6))
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a key that was pressed during a call acknowledges for its person`(kind: TestDatabase) async throws {
        let time = ManualTime()
        let provider = ScriptedProvider([], reportTimeout: .minutes(1), time: time.source)
        try await TestApp.run(
            kind, time: time, settings: { $0.receiptToken = Secret("receipt-token") }, team: DeliveryScenarios.rules,
            providers: { _ in [provider] }
        ) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            let id = try #require(await provider.attempts.first)
            func press(_ key: String) async throws {
                let body =
                    #"{"results":[{"messageId":"\#(id)","status":{"groupId":3,"id":5},"voiceCall":{"dtmfCodes":"\#(key)"}}]}"#
                let answer = try await app.send(
                    "POST", "/api/v1/receipts/infobip?token=receipt-token", body, headers: [])
                #expect(answer.status == 204)
            }
            try await press("7")
            #expect(try await app.state() == "triggered")
            try await press("1")
            #expect(try await app.state() == "acknowledged")
            try await press("1")
            #expect(try await app.timeline().filter { $0.contains("acknowledged") }.count == 1)
            try await app.advance(.minutes(6))
        }
    }

    /// The link is complete, whatever the title. A voice call has no link.
    @Test(arguments: [
        String(repeating: "Poslužitelj čeka ", count: 20), String(repeating: "🔥", count: 200), "short",
    ])
    func `the acknowledgement link is complete in every short text`(title: String) async throws {
        let time = ManualTime()
        let numbers: (inout TestTeam) -> Void = { team in
            team.methods += [Channel.sms, .whatsapp, .voice].map {
                ContactMethod(
                    id: ContactMethodID("\($0.rawValue)-ada"), userID: "ada", channel: $0, address: "+385915550101",
                    verifiedAt: TestTeam.start)
            }
            team.rules = [Channel.sms, .whatsapp, .voice].map {
                NotificationRule(
                    id: NotificationRuleID($0.rawValue), userID: "ada", urgency: .high, delay: .zero,
                    contactMethodID: ContactMethodID("\($0.rawValue)-ada"))
            }
        }
        try await TestApp.run(.sqliteMemory, time: time, team: numbers) { app in
            try await app.alert(#"[{"title": "\#(title)"}]"#)
            try await app.settle()
            let several = (0..<5).map { #"{"title": "Disk almost full on database server db-\#($0) in Zagreb"}"# }
            try await app.alert("[\(several.joined(separator: ","))]")
            try await app.settle()
            for message in await app.outbox.messages {
                let link = try #require(message.url)
                switch message.channel {
                case .voice: #expect(!message.shortText.contains("http"))
                case .email, .sms, .whatsapp, .webhook: #expect(message.shortText.hasSuffix("\nAck: \(link)"))
                case .ntfy, .pushover, .gotify, .telegram, .slack, .teams, .mattermost, .discord, .webpush,
                    .matrix:
                    Issue.record("nobody has such an address")
                }
                let limit = try #require(message.channel.definition.textLimit)
                #expect(limit.fitted(message.shortText) == message.shortText)
            }
            let bundle = try #require(await app.outbox.messages.last { $0.channel == .sms })
            #expect(SMSText.isGSM(bundle.shortText))
            try await app.takePages()
            for number in 1...6 { try await app.act("acknowledge", on: number) }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a page whose attempt fails after the acknowledgement is not retried`(kind: TestDatabase) async throws {
        let time = ManualTime()
        let hanging = HangingProvider(DeliveryScenarios.down, time: time.source)
        try await TestApp.run(kind, time: time, team: DeliveryScenarios.rules, providers: { _ in [hanging] }) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.waitUntil { await hanging.attempts == 1 }
            try await app.act("acknowledge")
            await hanging.letGo()
            try await app.advance(.minutes(5))
            #expect(await hanging.attempts == 1)
            let pages = try await app.send("GET", "/api/v1/notifications").json["items"]?.array ?? []
            #expect(Set(pages.compactMap { $0["state"]?.text }) == ["cancelled"])
        }
    }

    @Test(arguments: TestDatabase.available)
    func `an outage of forty minutes exhausts no policy, and somebody is paged afterwards`(kind: TestDatabase)
        async throws
    {
        let time = ManualTime()
        let provider = ScriptedProvider(Array(repeating: DeliveryScenarios.down, count: 500), time: time.source)
        let onlySMS: (inout TestTeam) -> Void = { team in
            DeliveryScenarios.rules(&team)
            team.rules.removeLast()
            team.policy.steps[1].targets = [.user("ada")]
        }
        try await TestApp.run(kind, time: time, team: onlySMS, providers: { _ in [provider] }) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            let started = app.time.now
            let words = "the last round of “Standard” reached nobody; it goes on until somebody is reached"
            try await app.waitUntil {
                app.time.advance(by: .seconds(2))
                let saysSo = try await app.timeline().contains { $0.contains(words) }
                return saysSo && app.time.now - started > .minutes(40)
            }
            await provider.recover()
            try await app.waitUntil {
                app.time.advance(by: .seconds(2))
                return try await app.timeline().contains("PagerPal SMS to Ada sent")
            }
            try await app.act("acknowledge")
        }
    }

    @Test func `one provider that hangs does not delay another`() async throws {
        let time = ManualTime()
        let hanging = HangingProvider(time: time.source)
        let both: (inout TestTeam) -> Void = { team in
            DeliveryScenarios.rules(&team)
            team.rules[1].delay = .zero
        }
        try await TestApp.run(.sqliteMemory, time: time, team: both, providers: { _ in [hanging] }) { app in
            let messages = await app.outbox.stream()
            try await app.alert(#"{"title": "Disk full"}"#)
            var iterator = messages.makeAsyncIterator()
            #expect(await iterator.next()?.address == "ada@example.com")
            await hanging.letGo()
            try await app.expectPages(["email ada@example.com"])
            try await app.act("acknowledge")
        }
    }
}

/// A provider that answers only when the test allows it.
actor HangingProvider: Provider {
    nonisolated let name = "hanging"
    nonisolated let channels: Set<Channel> = [.sms]
    nonisolated let gate: Gate
    private let answer: Receipt
    private let release = WakeUp()
    private(set) var attempts = 0

    init(_ answer: Receipt = .accepted(reference: nil, note: nil), time: TimeSource) {
        self.answer = answer
        gate = Gate(limits: ProviderLimits(perSecond: 1_000, burst: 100, concurrency: 8), time: time)
    }

    nonisolated func reportTimeout(for channel: Channel) -> Duration? { nil }

    func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        attempts += 1
        await release.wait()
        return answer
    }

    func letGo() { release.signal() }
}
