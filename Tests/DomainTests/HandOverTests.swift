import TestSupport
import Testing

@testable import Domain

/// Turns when people are added, removed or away.
@Suite struct HandOverTests {
    let now = TestTeam.start

    func daily(_ people: [UserID?]) -> Schedule {
        Schedule(
            id: "s", name: "Primary", teamID: "team-ops", timeZone: "UTC",
            layers: [
                .init(
                    name: "Daily", participants: people, rotation: .init(.day, handOffMinute: 540),
                    start: CivilDate(daysSince1970: now.seconds / 86400 - 4))
            ])
    }

    func edited(_ old: Schedule, _ people: [UserID?]) -> Schedule {
        var new = old
        new.layers[0].participants = people
        return new.handingOver(from: old, at: now)
    }

    @Test func `removing the person on call hands over to the next at once, and the rotation continues`() {
        let old = daily(["ada", "bob", "cleo"])
        #expect(old.onCall(at: now) == ["bob"])
        let new = edited(old, ["ada", "cleo"])
        #expect(new.onCall(at: now) == ["cleo"])
        #expect(new.onCall(at: now + .days(1)) == ["ada"])
        #expect(new.onCall(at: now + .days(2)) == ["cleo"])
    }

    @Test(
        arguments: [["ada", "bob", "cleo", "dana"], ["dana", "ada", "bob", "cleo"], ["cleo", "bob"], ["bob"]]
            as [[UserID]])
    func `adding or moving others does not move the current shift`(people: [UserID]) {
        let old = daily(["ada", "bob", "cleo"])
        let new = edited(old, people)
        #expect(new.onCall(at: now) == ["bob"])
        let place = (people.firstIndex(of: "bob") ?? 0) + 1
        #expect(new.onCall(at: now + .days(1)) == [people[place % people.count]])
        #expect(edited(new, people) == new)
    }

    @Test(arguments: [
        // The places before, the places after, and who is on call from today, the fifth day.
        ("AABB--", "AABB--C", "--CAABB"),
        ("AABB-C", "AABB--", "--AABB"),
        ("ABCDE", "ABCDF", "FABCDF"),
        ("ABCDE", "AFCDE", "EAFCDE"),
        ("ABCDA", "ABCD", "ABCDAB"),
        ("AABBA", "CABBA", "ACABBA"),
        ("ABCD", "ACBD", "ACBD"),
        ("ABCDE", "EABCD", "EABCD"),
    ])
    func `the running turn is found by its place`(before: String, after: String, days: String) {
        func people(_ text: String) -> [UserID?] { text.map { $0 == "-" ? nil : UserID(String($0)) } }
        let new = edited(daily(people(before)), people(after))
        let seen = (0..<days.count).map { new.onCall(at: now + .days($0)).first?.rawValue ?? "-" }.joined()
        #expect(seen == days)
    }

    @Test func `renaming a layer or changing its hand-off or shift length leaves its person on call`() {
        var old = daily(["ada", "bob", "cleo"])
        old.layers[0].firstPlace = 1
        #expect(old.onCall(at: now) == ["cleo"])
        var new = old
        new.layers[0].name = "Another"
        #expect(new.handingOver(from: old, at: now).onCall(at: now) == ["cleo"])
        new.layers[0].rotation.handOffMinute = 555
        #expect(new.handingOver(from: old, at: now).onCall(at: now) == ["cleo"])
        new.layers[0].rotation = .init(.week)
        #expect(new.handingOver(from: old, at: now).onCall(at: now) == ["cleo"])
    }

    @Test func `a deleted person leaves a gap in a pattern and shortens a plain rotation`() throws {
        for (before, after) in [
            (["ada", "ada", "bob", nil], ["ada", "ada", "ada", nil]),
            (["ada", "bob", "ada", "cleo"], ["ada", "ada", "ada", "cleo"]), (["ada", "bob", "cleo"], ["ada", "cleo"]),
        ] as [([UserID?], [UserID?])] {
            #expect(daily(before).without("bob")?.layers[0].participants == after)
        }
    }

    @Test func `the person on call stays until the last moment before a hand-off`() {
        var team = TestTeam()
        team.schedule = daily(["ada", "bob"])
        let handoff = now + .hours(21)
        let duty = team.configuration.duty(in: team.schedule, at: handoff - .milliseconds(500))
        #expect(duty.people == ["ada"])
        #expect(duty.until == handoff)
        #expect(duty.next == ["bob"])
    }

    @Test func `a message held by quiet hours until after the shift is not sent`() {
        var team = TestTeam()
        team.schedule = daily(["ada", "bob"])
        team.users[1].quietHours = QuietHours(from: 540, to: 540 - 1)
        team.schedule.overrides = [
            .init(
                id: "o", change: .only("bob"), from: now, to: now + .hours(1), author: "Dana", madeAt: now)
        ]
        let handoff = team.configuration.handoffs(since: ["s": ["ada"]], at: now).first
        #expect(handoff?.people == ["bob"])
        #expect(handoff?.notices == [])
    }

    @Test func `a new start begins with the first participant`() {
        let old = daily(["ada", "bob", "cleo"])
        var new = edited(old, ["cleo", "bob"])
        new.layers[0].start = CivilDate(daysSince1970: now.seconds / 86400)
        #expect(new.handingOver(from: old, at: now).onCall(at: now) == ["cleo"])
    }

    @Test func `an absent person's turns go to the next, and empty turns stay empty`() {
        let schedule = daily(["ada", "bob", nil, "cleo"])
        let isPresent: (UserID) -> Bool = { $0 != "bob" }
        let days = (0..<4).map { schedule.onCall(at: now + .days($0 - 4), isPresent: isPresent) }
        #expect(days == [["ada"], ["cleo"], [], ["cleo"]])
        #expect(schedule.onCall(at: now, isPresent: { _ in false }) == [])
    }

    @Test func `a layer ends at the hand-off of its last day`() {
        var schedule = daily(["ada"])
        schedule.layers[0].end = CivilDate(daysSince1970: now.seconds / 86400 + 1)
        let end = now + .hours(21)
        #expect(schedule.onCall(at: end - .microseconds(1)) == ["ada"])
        #expect(schedule.onCall(at: end) == [])
    }

    @Test
    func `an override applies from its first instant to its last, and an absent stand-in covers nobody`() {
        var schedule = daily(["ada"])
        schedule.overrides = [
            .init(
                id: "o", change: .replace("ada", with: "bob"), from: now, to: now + .hours(2), author: "Dana",
                madeAt: now)
        ]
        #expect(schedule.onCall(at: now - .microseconds(1)) == ["ada"])
        #expect(schedule.onCall(at: now) == ["bob"])
        #expect(schedule.onCall(at: now + .hours(2) - .microseconds(1)) == ["bob"])
        #expect(schedule.onCall(at: now + .hours(2)) == ["ada"])
        #expect(schedule.onCall(at: now, isPresent: { $0 != "bob" }) == ["ada"])
    }

    @Test func `a person coming on call is notified once, by their rules, outside quiet hours`() {
        var team = TestTeam()
        team.schedule = daily(["ada", "bob"])
        team.users[1].quietHours = QuietHours(from: 0, to: 600)
        let configuration = team.configuration
        #expect(configuration.handoffs(since: [:], at: now).map(\.notices) == [[]])
        #expect(configuration.handoffs(since: ["s": ["ada"]], at: now) == [])
        let morning = now + .hours(21)
        let handoff = configuration.handoffs(since: ["s": ["ada"]], at: morning).first
        #expect(handoff?.people == ["bob"])
        #expect(
            handoff?.notices.map(\.text) == ["You are now on call for Primary until Fri 2026-03-06 09:00 (UTC)."])
        #expect(handoff?.notices.map(\.dueAt) == [now + .hours(22)])
        #expect(configuration.nextHandoff(after: now) == morning)
        team.users[1].tellsHandOff = false
        #expect(team.configuration.handoffs(since: ["s": ["ada"]], at: morning).map(\.notices) == [[]])
    }

    @Test func `a shift is announced a day ahead to those who want it`() {
        var team = TestTeam()
        team.schedule = daily(["ada", "bob"])
        #expect(team.configuration.shiftsAhead(at: now) == [])
        team.users[1].tellsShiftAhead = true
        #expect(team.configuration.shiftsAhead(at: now).map(\.userID) == ["bob"])
        #expect(team.configuration.shiftsAhead(at: now - .hours(4)) == [])
    }

    @Test func `a person without rules gets the default rules`() {
        var team = TestTeam()
        func add(_ id: ContactMethodID, _ channel: Channel) {
            team.methods.append(
                ContactMethod(id: id, userID: "ada", channel: channel, address: "+385915550101", verifiedAt: now))
        }
        func pages(_ urgency: Urgency) -> [String] {
            team.configuration.pages(for: "ada", urgency: urgency, cycle: 1, step: 0, from: now)
                .map { "\($0.channel.rawValue) \(($0.dueAt - now).words)" }.sorted()
        }
        add("voice", .voice)
        #expect(pages(.high) == ["email 0 s", "voice 5 min"])
        add("whatsapp", .whatsapp)
        add("sms", .sms)
        #expect(pages(.high) == ["email 0 s", "sms 0 s", "whatsapp 5 min"])
        #expect(pages(.low) == ["email 0 s"])
        team.methods.removeAll { [.email, .sms].contains($0.channel) }
        #expect(pages(.high) == ["whatsapp 0 s"])
        #expect(pages(.low) == ["whatsapp 0 s"])
    }
}
