import Domain
import Testing

@Suite struct ReplyTests {
    @Test(
        arguments: [
            ("ack", .acknowledge(incident: nil)), ("ACK", .acknowledge(incident: nil)),
            (" Ack \n", .acknowledge(incident: nil)), ("a", .acknowledge(incident: nil)),
            ("Acknowledge", .acknowledge(incident: nil)), ("ack 12", .acknowledge(incident: 12)),
            ("ack12", .acknowledge(incident: 12)), ("12a", .acknowledge(incident: 12)),
            ("12 A", .acknowledge(incident: 12)), ("a 12", .acknowledge(incident: 12)),
            ("Ack #12!", .acknowledge(incident: 12)), ("ack:\u{A0}12.", .acknowledge(incident: 12)),
            ("resolve 12", .resolve(incident: 12)), ("r12", .resolve(incident: 12)), ("R", .resolve(incident: nil)),
            ("12r", .resolve(incident: 12)), ("Resolved #7", .resolve(incident: 7)),
            ("?", .help), ("???", .help), ("help", .help), ("STOP", .stop), ("Stop.", .stop), ("start", .start),
            ("", .unknown), ("12", .unknown), ("ack 12 13", .unknown), ("ack resolve", .unknown), ("hello", .unknown),
            ("ack me now", .unknown), ("please do not stop 5", .unknown), ("stop 12", .unknown), ("ack 0", .unknown),
            ("ack 9999999999", .unknown), ("ack 99999999999999999999999999", .unknown), ("ack ١٢", .unknown),
            ("I am away until Monday and can't answer.", .unknown), ("👍", .unknown), ("ack 👍", .unknown),
            ("ack " + String(repeating: " ", count: 100) + "12", .unknown), ("a=1", .unknown),
        ] as [(String, Reply)])
    func `a reply is a command or nothing`(text: String, reply: Reply) { #expect(Reply(text) == reply) }

    @Test func `a robot gets five answers, and an action always gets one`() {
        #expect(
            (0..<7).map { ReplyBounds.mayAnswer(since: $0, isAction: false) } == [
                true, true, true, true, true, false, false,
            ])
        #expect(ReplyBounds.mayAnswer(since: 99, isAction: true))
    }
}
