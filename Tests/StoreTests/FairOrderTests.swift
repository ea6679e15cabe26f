import Domain
import TestSupport
import Testing

@testable import Store

@Suite struct FairOrderTests {
    private func place(_ page: String, team: TeamID, person: UserID, age: Int) -> QueuePlace {
        let due = TestTeam.start - .seconds(age)
        return QueuePlace(
            page: PageID(page), channel: .sms, line: page, teamID: team, userID: person,
            contactMethodID: ContactMethodID("sms-\(person)"), urgency: .high, isRepeat: false, dueAt: due,
            readyAt: due, mayWait: true)
    }

    private func claimed(_ place: QueuePlace) -> ClaimedPage {
        let page = Page(
            id: place.page, purpose: .test, userID: place.userID, contactMethodID: place.contactMethodID,
            channel: .sms, address: "", urgency: .high, dueAt: place.dueAt)
        return ClaimedPage(page: page, cycle: 1, queuedAt: place.dueAt, teamID: place.teamID)
    }

    /// A hundred people of one team wait, then one of another team. Each claim is for one message.
    @Test func `teams take turns from claim to claim`() throws {
        var waiting = (0..<100).map { place("storm-\($0)", team: "storm", person: UserID("p\($0)"), age: 200 - $0) }
        waiting.append(place("other", team: "other", person: "zed", age: 1))
        var served = ServedTurns()
        var order: [String] = []
        for _ in 0..<4 {
            let first = try #require(waiting.fairlyOrdered(after: served).first)
            order.append(first.page.rawValue)
            served.note(claimed(first))
            waiting.removeAll { $0.page == first.page }
        }
        #expect(order == ["storm-0", "other", "storm-1", "storm-2"])
    }

    @Test func `people of a team take turns from claim to claim`() throws {
        var waiting = [0, 1].map { place("ada-\($0)", team: "ops", person: "ada", age: 10 - $0) }
        waiting.append(place("bob", team: "ops", person: "bob", age: 1))
        var served = ServedTurns()
        served.note(claimed(waiting.removeFirst()))
        #expect(waiting.fairlyOrdered(after: served).map(\.page) == ["bob", "ada-1"])
    }

    @Test func `a pause counts for first attempts of its contact method`() {
        var place = place("page", team: "ops", person: "ada", age: 5)
        let later = TestTeam.start + .minutes(1)
        #expect(place.waiting(["sms-ada": later]).readyAt == later)
        #expect(place.waiting(["sms-bob": later]).readyAt == place.readyAt)
        place.mayWait = false
        #expect(place.waiting(["sms-ada": later]).readyAt == place.readyAt)
    }
}
