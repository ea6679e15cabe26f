import Domain
import Store
import TestSupport

/// All that reports say of 735 days, for people in several time zones.
struct ReportedNumbers: Equatable {
    static let zones = ["UTC", "Europe/Zagreb", "Asia/Kathmandu", "Australia/Lord_Howe", "America/St_Johns"]
    /// The last team exists no more.
    static let teams: [TeamID] = ["team-ops", "team-other", "team-gone"]
    static let sources: [SourceID] = ["source", "other", "quiet"]
    static let people: [UserID] = ["ada", "bob", "cleo", "dana"]

    private(set) var tallies: [String: [IncidentTally]] = [:]
    private(set) var sources: [String: [SourceID: Int]] = [:]
    private(set) var hours: [String: [UserID: [Int]]] = [:]

    /// How many incidents were deleted by then.
    private(set) var deleted = 0

    /// Reads the numbers of the days until an instant, in spans of a number of days.
    init(_ store: Store, until end: Timestamp, days: Int) async throws {
        for (index, zone) in ReportedNumbers.zones.enumerated() {
            let clock = LocalClock(zone) ?? .utc
            let last = clock.date(at: end).adding(days: 1)
            let starts = (0...735 / days).reversed().map { clock.instant(last.adding(days: -$0 * days), minute: 0) }
            let spans = zip(starts, starts.dropFirst()).map { $0..<$1 }
            let span = starts[0]..<starts[starts.count - 1]
            // Everybody has each zone once.
            let clocks = ReportedNumbers.people.enumerated().map { place, person in
                let other = ReportedNumbers.zones[(place + index) % ReportedNumbers.zones.count]
                return (person, LocalClock(other) ?? .utc)
            }
            for team in [nil] + ReportedNumbers.teams {
                let name = "\(zone), \(team?.rawValue ?? "all teams")"
                var found = try await store.tallies(ofIncidentsIn: spans, team: team)
                if index == 0 && team == nil { deleted = found.reduce(0) { $0 + $1.deleted } }
                for place in found.indices { found[place].deleted = 0 }
                tallies[name] = found
                sources[name] = try await store.incidentCounts(of: ReportedNumbers.sources, in: span, team: team)
                hours[name] = try await store.pageHours(
                    of: Dictionary(clocks) { $1 }, in: span, team: team)
            }
        }
    }

    static func == (left: ReportedNumbers, right: ReportedNumbers) -> Bool {
        left.tallies == right.tallies && left.sources == right.sources && left.hours == right.hours
    }
}

extension StoreFixture {
    /// Stores incidents of two years with their pages, most of them resolved: in several teams, of several sources, at odd
    /// times.
    func addHistory(_ count: Int, seed: UInt64) async throws {
        var numbers = SeededNumbers(seed: seed)
        func chance(_ percent: Int) -> Bool { Int.random(in: 0..<100, using: &numbers) < percent }
        /// Often the first or the last instant of a quarter of an hour.
        func instant() -> Timestamp {
            let quarter = now - .days(729) + .minutes(15) * Int.random(in: 0..<729 * 96, using: &numbers)
            return switch Int.random(in: 0..<4, using: &numbers) {
            case 0: quarter
            case 1: quarter - .microseconds(1)
            default: quarter + .microseconds(Int64.random(in: 0..<900_000_000, using: &numbers))
            }
        }
        var latest = now - .days(700)
        for number in 1...count {
            // Now and then one more in the same quarter of an hour, and with the same key.
            if chance(70) { latest = instant() }
            let (team, source) = (
                ReportedNumbers.teams.randomElement(using: &numbers) ?? "team-ops",
                [SourceID?](arrayLiteral: "source", "other", "gone", nil).randomElement(using: &numbers) ?? nil
            )
            try await addIncident(
                number, Severity.allCases.randomElement(using: &numbers) ?? .critical, at: latest,
                acknowledgedAfter: chance(60)
                    ? .microseconds(Int64.random(in: 1..<9_000_000_000, using: &numbers)) : nil,
                resolvedAfter: chance(90)
                    ? .microseconds(Int64.random(in: 1..<90_000_000_000, using: &numbers)) : nil,
                source: source, team: team)
            for page in 0..<Int.random(in: 0..<4, using: &numbers) {
                let person = (ReportedNumbers.people + ["gone"]).randomElement(using: &numbers) ?? "ada"
                try await addSending(
                    PageID("page-\(number)-\(page)"), person, IncidentID("incident-\(number)"),
                    at: chance(85) ? (chance(50) ? latest : instant()) : nil, team: chance(95) ? team : nil)
            }
        }
    }
}
