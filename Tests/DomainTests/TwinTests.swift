import Domain
import Testing

/// What is concluded from the answers of another PagerPal.
@Suite struct TwinTests {
    static let well = #"{"status": "ok", "service": "pagerpal", "version": "1", "database": "ok"}"#
    static let since = Timestamp(seconds: 1_700_000_000)

    func answer(_ status: Int, _ body: String) -> TwinAnswer { TwinAnswer(status: status, body: Array(body.utf8)) }

    @Test(
        arguments: [
            (200, well, nil),
            // Something is wrong, but it can work. The status says what.
            (200, #"{"status": "degraded", "service": "pagerpal", "problems": ["A clock is wrong."]}"#, nil),
            (
                503, #"{"status": "unavailable", "service": "pagerpal", "database": "unreachable"}"#,
                .unwell("The database is unreachable.")
            ),
            (
                503,
                #"{"status": "failing", "service": "pagerpal", "database": "ok", "problems": ["escalation: the clock hangs", "b"]}"#,
                .unwell("escalation: the clock hangs b")
            ),
            (
                502, "<html>Bad gateway</html>",
                .silent(reason: "GET /health was answered with 502, and not by a PagerPal.")
            ),
            (301, "", .silent(reason: "GET /health was answered with 301, and not by a PagerPal.")),
            (
                200, #"{"status": "ok", "service": "other"}"#,
                .silent(reason: "GET /health was answered with 200, and not by a PagerPal.")
            ),
            (200, "[1, 2", .silent(reason: "GET /health was answered with 200, and not by a PagerPal.")),
        ] as [(Int, String, TwinFault?)])
    func `an answer about health means`(status: Int, body: String, fault: TwinFault?) {
        #expect(TwinFault(health: answer(status, body)) == fault)
    }

    @Test(
        arguments: [
            (200, #"{"duties": {"dispatch": {"holder": "a"}, "escalation": {"holder": "b"}}}"#, nil),
            (
                200, #"{"duties": {"dispatch": {"holder": "a"}, "escalation": {"epoch": 3}}}"#,
                .unheld(duties: ["escalation"])
            ),
            (
                200, #"{"duties": {"dispatch": {"holder": null}, "escalation": {"holder": null}}}"#,
                .unheld(duties: ["escalation", "dispatch"])
            ),
            (
                200,
                #"{"duties": {"dispatch": {"holder": "a"}}, "now": "2026-03-04T12:01:30Z", "oldest_due_at": "2026-03-04T12:00:00Z"}"#,
                nil
            ),
            (
                200,
                #"{"duties": {"dispatch": {"holder": "a"}}, "now": "2026-03-04T12:01:31Z", "oldest_due_at": "2026-03-04T12:00:00Z"}"#,
                .late(.seconds(91))
            ),
            (200, #"{"duties": {"dispatch": {"holder": "a"}}, "now": "soon", "oldest_due_at": 7}"#, nil),
            (401, "{}", .tokenRefused(status: 401)), (403, "", .tokenRefused(status: 403)),
            (
                200, #"{"duties": {}}"#,
                .silent(reason: "GET /api/v1/status was answered with 200, and not by a PagerPal.")
            ),
            (200, "hello", .silent(reason: "GET /api/v1/status was answered with 200, and not by a PagerPal.")),
            (503, "{}", .silent(reason: "GET /api/v1/status was answered with 503, and not by a PagerPal.")),
        ] as [(Int, String, TwinFault?)])
    func `an answer about the status means`(status: Int, body: String, fault: TwinFault?) {
        #expect(TwinFault(status: answer(status, body)) == fault)
    }

    @Test func `what the other says is cut and on one line`() {
        let words = String(repeating: "long ", count: 1_000)
        let body = #"{"service": "pagerpal", "problems": ["a\#u{202E}b\nc", "\#(words)"]}"#
            .replacing("\n", with: "\\n")
        guard case .unwell(let told) = TwinFault(health: answer(503, body)) else {
            Issue.record("it is not well")
            return
        }
        #expect(told.count <= 500 && !told.contains("\n") && !told.contains("\u{202E}"))
    }

    @Test(
        arguments: [
            (.silent(reason: "No."), "The PagerPal at b.example.com has not answered since 22:13 UTC"),
            (.unwell("No."), "The PagerPal at b.example.com says since 22:13 UTC that it can't work"),
            (.tokenRefused(status: 401), "The PagerPal at b.example.com has refused TWIN_TOKEN since 22:13 UTC"),
            (
                .unheld(duties: ["escalation"]),
                "The PagerPal at b.example.com has no holder of escalation since 22:13 UTC"
            ),
            (
                .late(.seconds(95)),
                "The PagerPal at b.example.com has not handed over a page that has been due for 95 s"
            ),
        ] as [(TwinFault, String)])
    func `a fault is told in a sentence`(fault: TwinFault, title: String) {
        let event = Twin.event(fault, of: "https://b.example.com/pager", since: TwinTests.since)
        #expect(event.title == title)
        #expect(event.dedupKey == Twin.recovery(of: "https://b.example.com/pager").dedupKey)
        #expect(event.links.map(\.url) == ["https://b.example.com/pager"])
    }

    /// Each look is a fault or nil, and what follows.
    @Test(
        arguments: [
            // A new holder ends what an earlier one may have told.
            [(nil, .tellEnd), (nil, .nothing)],
            [(nil, .tellEnd), (.silent(reason: ""), .nothing), (nil, .nothing)],
            [
                (nil, .tellEnd), (.silent(reason: ""), .nothing),
                (.silent(reason: ""), .tell(.silent(reason: ""), since: at(1))),
                (.silent(reason: "other"), .nothing), (nil, .tellEnd), (nil, .nothing), (.silent(reason: ""), .nothing),
            ],
            // It becomes another fault.
            [
                (.silent(reason: ""), .nothing), (.silent(reason: ""), .tell(.silent(reason: ""), since: at(0))),
                (.unheld(duties: ["dispatch"]), .tell(.unheld(duties: ["dispatch"]), since: at(0))), (nil, .tellEnd),
            ],
        ] as [[(TwinFault?, TwinVigil.Step)]])
    func `a fault is told when it was seen twice in a row, and its end once`(looks: [(TwinFault?, TwinVigil.Step)]) {
        var vigil = TwinVigil()
        for (index, look) in looks.enumerated() {
            #expect(vigil.look(look.0, at: TwinTests.at(index)) == look.1, "look \(index)")
        }
    }

    @Test func `a fault that lasts is told again every half hour`() {
        var vigil = TwinVigil()
        let told = (0...200).filter { vigil.look(.silent(reason: ""), at: TwinTests.at($0)) != .nothing }
        #expect(told == [1, 61, 121, 181])
    }

    static func at(_ look: Int) -> Timestamp { since + .seconds(30) * look }
}
