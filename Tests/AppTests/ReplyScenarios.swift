import Actors
import Database
import Domain
import Providers
import TestSupport
import Testing

@testable import App

/// Texts that people send to PagerPal's numbers.
@Suite struct ReplyScenarios {
    private static let ada = "385915550101"

    /// Ada is paged by SMS.
    private func run(
        _ kind: TestDatabase, faults: Faults = Faults(),
        _ body: @escaping @Sendable (TestApp, ManualTime) async throws -> Void
    ) async throws {
        let time = ManualTime()
        try await TestApp.run(
            kind, time: time, database: faults.database(try await kind.open()),
            settings: { $0.receiptToken = Secret("receipt-token") },
            team: { team in
                DeliveryScenarios.rules(&team)
                team.rules.removeLast()
            }, dispatch: Dispatcher.Settings(bundlingWindow: .zero)
        ) { app in try await body(app, time) }
    }

    /// Posts a text and returns the answers that it got.
    private func send(
        _ app: TestApp, _ text: String, from number: String = ReplyScenarios.ada, id: String,
        token: String = "receipt-token"
    ) async throws -> [String] {
        let before = await app.outbox.messages.count
        let body = #"{"results":[{"messageId":"\#(id)","from":"\#(number)","to":"PagerPal","text":"\#(text)"}]}"#
        let answer = try await app.send("POST", "/api/v1/inbound/infobip?token=\(token)", body, headers: [])
        #expect(answer.status == (token == "receipt-token" ? 204 : 401))
        try await app.settle()
        let texts = await app.outbox.messages.dropFirst(before).map(\.shortText)
        if !texts.isEmpty { try await app.takePages() }
        return Array(texts)
    }

    @Test(arguments: TestDatabase.kinds)
    func `a reply acknowledges once, and a second reply is told by whom`(kind: TestDatabase) async throws {
        try await run(kind) { (app: TestApp, _: ManualTime) async throws in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            try await app.takePages()
            #expect(try await send(app, "ack 1", id: "0", token: "wrong") == [])
            #expect(try await app.state() == "triggered")
            #expect(try await send(app, " Ack ", id: "1") == ["#1 is yours: Disk full"])
            #expect(try await app.state() == "acknowledged")
            #expect(try await app.timeline().contains { $0.hasPrefix("Ada") && $0.contains("acknowledged") })
            #expect(try await send(app, "1a", id: "2") == ["#1 is already acknowledged by Ada."])
            #expect(try await send(app, "1a", id: "2") == [], "the vendor delivered it twice")
            #expect(try await send(app, "resolve 1", id: "3") == ["#1 is resolved: Disk full"])
            #expect(try await send(app, "r1", id: "4") == ["#1 was already resolved by Ada."])
            #expect(try await send(app, "ack 99", id: "5") == ["There is no incident #99 of yours."])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `whoever writes over WhatsApp is in a conversation for a day`(kind: TestDatabase) async throws {
        let time = ManualTime()
        try await TestApp.run(
            kind, time: time, settings: { $0.receiptToken = Secret("receipt-token") },
            team: { team in
                team.methods.append(
                    ContactMethod(
                        id: "chat", userID: "ada", channel: .whatsapp, address: "+\(ReplyScenarios.ada)",
                        verifiedAt: TestTeam.start))
                team.rules = [
                    NotificationRule(id: "r1", userID: "ada", urgency: .high, delay: .zero, contactMethodID: "chat")
                ]
            }, dispatch: Dispatcher.Settings(bundlingWindow: .zero)
        ) { app in
            func page(_ key: String) async throws -> Bool? {
                try await app.alert(#"{"title": "Disk full", "external_id": "\#(key)"}"#)
                try await app.takePages()
                let messages = await app.outbox.messages
                return messages.last { $0.channel == .whatsapp }?.isInConversation
            }
            func write(_ body: String) async throws {
                let answer = try await app.send(
                    "POST", "/api/v1/inbound/infobip?token=receipt-token", #"{"results":[\#(body)]}"#, headers: [])
                #expect(answer.status == 204)
                try await app.takePages()
            }
            #expect(try await page("1") == false)
            // A text by SMS begins no conversation over WhatsApp.
            try await write(#"{"messageId":"1","from":"\#(ReplyScenarios.ada)","to":"PagerPal","text":"?"}"#)
            #expect(try await page("2") == false)
            try await write(
                #"{"messageId":"2","from":"\#(ReplyScenarios.ada)","message":{"type":"TEXT","text":"resolve 1"}}"#)
            #expect(try await page("3") == true)
            for number in 2...3 { try await app.act("resolve", on: number) }
            try await app.settle()
            time.advance(by: .hours(24))
            #expect(try await page("4") == false)
            try await app.act("resolve", on: 4)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a reply that failed is carried out when the vendor delivers it again`(
        kind: TestDatabase
    ) async throws {
        let faults = Faults()
        try await run(kind, faults: faults) { (app: TestApp, _: ManualTime) async throws in
            app.allowErrors()
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            try await app.takePages()
            faults.fail("UPDATE incidents SET", with: .unavailable("the test"))
            let body =
                #"{"results":[{"messageId":"1","from":"\#(ReplyScenarios.ada)","to":"PagerPal","text":"ack 1"}]}"#
            let answer = try await app.send("POST", "/api/v1/inbound/infobip?token=receipt-token", body, headers: [])
            #expect(answer.status == 503)
            #expect(try await app.state() == "triggered")
            faults.stop()
            #expect(try await send(app, "ack 1", id: "1") == ["#1 is yours: Disk full"])
            #expect(try await app.state() == "acknowledged")
            #expect(try await send(app, "ack 1", id: "1") == [])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `messages from strangers change nothing and get no answer`(kind: TestDatabase) async throws {
        try await run(kind) { (app: TestApp, _: ManualTime) async throws in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            try await app.takePages()
            #expect(try await send(app, "ack 1", from: "385919999999", id: "1") == [])
            #expect(try await send(app, "START", from: "385919999999", id: "2") == [])
            #expect(try await app.state() == "triggered")
            try await app.act("acknowledge")
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `STOP disables the number, and START restores it`(kind: TestDatabase) async throws {
        try await run(kind) { (app: TestApp, _: ManualTime) async throws in
            #expect(try await send(app, "STOP", id: "1") == [])
            #expect(app.assembly.configuration.current.contactMethods["sms-ada"]?.isEnabled == false)
            #expect(try await send(app, "?", id: "2") == [], "a disabled number gets no answer")
            #expect(try await send(app, "Start", id: "3") == ["This number is paged again."])
            #expect(app.assembly.configuration.current.contactMethods["sms-ada"]?.isEnabled == true)
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `a robot gets five answers until a person writes`(kind: TestDatabase) async throws {
        try await run(kind) { (app: TestApp, time: ManualTime) async throws in
            var answers = 0
            for number in 0..<8 {
                time.advance(by: .seconds(1))
                answers += try await send(app, "I am away.", id: "r\(number)").count
            }
            #expect(answers == 5)
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.settle()
            try await app.takePages()
            time.advance(by: .seconds(1))
            #expect(try await send(app, "ack", id: "a") == ["#1 is yours: Disk full"])
            time.advance(by: .seconds(1))
            #expect(try await send(app, "?", id: "h") == [ReplyWords.help])
        }
    }
}
