internal import Domain

/// The first page of a line of queued pages, with what decides which line is served next.
struct QueuePlace: Sendable, Hashable {
    var page: PageID
    var channel: Channel
    var line: String
    var teamID: TeamID?
    var userID: UserID
    var contactMethodID: ContactMethodID
    var urgency: Urgency
    /// Whether the page was attempted before or belongs to a later escalation cycle.
    var isRepeat: Bool
    var dueAt: Timestamp
    /// When it may leave. It is later than `dueAt` while it waits to be bundled.
    var readyAt: Timestamp
    /// Whether it is a first attempt for an incident, which may wait for others.
    var mayWait: Bool

    /// Whether it is in a line of urgent first attempts for incidents, as the column `line` says.
    var isUrgentFirstAttempt: Bool { line.hasPrefix("high/0b/") || line.hasPrefix("high/1b/") }

    /// The same place, with the time until which its contact method has to wait.
    func waiting(_ pauses: [ContactMethodID: Timestamp]) -> QueuePlace {
        guard mayWait, let pause = pauses[contactMethodID], pause > readyAt else { return self }
        var place = self
        place.readyAt = pause
        return place
    }
}

/// Whose turn it was in earlier claims. A claim may be for one message only, so fairness needs a memory.
package struct ServedTurns: Sendable, Hashable {
    /// The maximum number of teams and of people. When there are more, it starts anew.
    private static let limit = 20_000

    private var last: [String: Int] = [:]
    private var count = 0

    package init() {}

    /// Notes that a page's team and person had their turn.
    package mutating func note(_ page: ClaimedPage) {
        if last.count > ServedTurns.limit { last = [:] }
        count += 1
        last["team \(page.teamID?.rawValue ?? "")"] = count
        last["person \(page.page.userID)"] = count
    }

    /// Returns a number that is lower the longer ago it was.
    fileprivate func turn(_ owner: String) -> Int { last[owner] ?? 0 }
}

/// Whose turn it is: a team's or a person's.
private struct Turn: Hashable {
    var urgency: Urgency
    var owner: String
}

extension [QueuePlace] {
    /// Returns the lines in the order in which they are served: high urgency first, then first pages before repeats,
    /// then teams in turn, then people in turn, then by age.
    ///
    /// - Parameter served: whose turn it was before. Those who have waited longest come first.
    func fairlyOrdered(after served: ServedTurns = ServedTurns()) -> [QueuePlace] {
        var counts: [Turn: Int] = [:]
        func nextTurn(of owner: String, _ urgency: Urgency) -> Int {
            counts[Turn(urgency: urgency, owner: owner), default: 0] += 1
            return counts[Turn(urgency: urgency, owner: owner), default: 0]
        }
        let byAge = map { (turn: served.turn("person \($0.userID)"), place: $0) }
            .sorted { ($0.turn, $0.place.dueAt, $0.place.page) < ($1.turn, $1.place.dueAt, $1.place.page) }
            .map(\.place)
        let ranked = byAge.map { place in
            let (team, person) = ("team \(place.teamID?.rawValue ?? "")", "person \(place.userID)")
            let rank = (
                place.urgency == .high ? 0 : 1, place.isRepeat ? 1 : 0, nextTurn(of: team, place.urgency),
                served.turn(team), nextTurn(of: person, place.urgency), served.turn(person)
            )
            return (place: place, rank: rank)
        }
        // The sort is stable, so equal ranks stay in the order of age.
        return ranked.sorted { $0.rank < $1.rank }.map(\.place)
    }
}
