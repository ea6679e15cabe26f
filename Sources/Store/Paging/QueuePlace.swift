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
}

/// Whose turn it is: a team's or a person's.
private struct Turn: Hashable {
    var urgency: Urgency
    var owner: String
}

extension [QueuePlace] {
    /// Returns the lines in the order in which they are served: high urgency first, then first pages before repeats,
    /// then teams in turn, then people in turn, then by age.
    func fairlyOrdered() -> [QueuePlace] {
        var counts: [Turn: Int] = [:]
        func nextTurn(of owner: String, _ urgency: Urgency) -> Int {
            counts[Turn(urgency: urgency, owner: owner), default: 0] += 1
            return counts[Turn(urgency: urgency, owner: owner), default: 0]
        }
        let byAge = sorted { ($0.dueAt, $0.page) < ($1.dueAt, $1.page) }
        let ranked = byAge.map { place in
            let team = nextTurn(of: "team \(place.teamID?.rawValue ?? "")", place.urgency)
            let person = nextTurn(of: "person \(place.userID)", place.urgency)
            return (place: place, rank: (place.urgency == .high ? 0 : 1, place.isRepeat ? 1 : 0, team, person))
        }
        // The sort is stable, so equal ranks stay in the order of age.
        return ranked.sorted { $0.rank < $1.rank }.map(\.place)
    }
}
