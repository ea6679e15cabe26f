import Database
import Domain
import Store
import TestSupport

/// Incidents whose texts are chosen at random, to search in.
struct SearchFixture {
    /// The texts of an incident, as a test knows them.
    struct Known: Sendable {
        var incident: Incident
        var notes: [String] = []

        /// Whether a term occurs in one of the texts. This is what a search must find.
        func contains(_ term: String) -> Bool {
            let number = Int(term.hasPrefix("#") ? String(term.dropFirst()) : term)
            let labels = incident.labels.flatMap { [$0.key, $0.value] }
            return number == incident.number
                || ([incident.title, incident.text] + labels + notes).contains { text in
                    let (here, wanted) = (
                        Array(text.lowercased().unicodeScalars), Array(term.lowercased().unicodeScalars)
                    )
                    return here.indices.contains { here[$0...].starts(with: wanted) }
                }
        }
    }

    let base: StoreFixture
    let lease: Lease
    var random: SeededNumbers
    var known: [Known] = []

    init(_ database: any Database, seed: UInt64) async throws {
        base = try await StoreFixture(database)
        guard let lease = try await base.store.acquireLease(.escalation, for: "one", lasting: .seconds(5)) else {
            throw DatabaseError.closed
        }
        self.lease = lease
        random = SeededNumbers(seed: seed)
    }

    var store: Store { base.store }

    private static let words = [
        "disk", "Disk", "DB-17.example.com", "db-1", "Übung", "übung", "straße", "Ćevapi", "100%", "50 %", "a_b", "a%b",
        "\\",
        "\"quoted\"", "it's", "🛎", "🇭🇷", "日本語テスト", "noted", "version", "/var/lib", "C:\\temp", "\n", "\t", "x", "ß",
        "--", "{}",
        ":", "id=7", "12", "#3", "ΣΑΣ", "e\u{301}",
    ]

    mutating func text(_ count: ClosedRange<Int>) -> String {
        (0..<Int.random(in: count, using: &random)).map { _ in
            SearchFixture.words.randomElement(using: &random) ?? ""
        }.joined(separator: Bool.random(using: &random) ? " " : "")
    }

    /// A part of a text that some incident has, with other cases of letters, or any words.
    mutating func term() -> String {
        guard Int.random(in: 0..<4, using: &random) > 0, let one = known.randomElement(using: &random) else {
            return text(1...2)
        }
        let texts = [one.incident.title, one.incident.text] + one.incident.labels.values + one.notes
        let scalars = Array((texts.randomElement(using: &random) ?? "").unicodeScalars)
        guard !scalars.isEmpty else { return "zebra" }
        let start = Int.random(in: 0..<scalars.count, using: &random)
        let end = min(scalars.count, start + Int.random(in: 1...14, using: &random))
        var part = String.UnicodeScalarView()
        part.append(contentsOf: scalars[start..<end])
        return Bool.random(using: &random) ? String(part).uppercased().lowercased() : String(part)
    }

    /// Opens incidents.
    mutating func open(_ count: Int) async throws {
        var commits: [Commit] = []
        for _ in 0..<count {
            var event = base.team.event(text(1...4), key: "key-\(random.next())")
            event.text = text(0...8)
            for _ in 0..<Int.random(in: 0...2, using: &random) { event.labels[text(1...1)] = text(0...2) }
            commits.append(opening(event))
        }
        for incident in try await commit(commits) { known.append(Known(incident: incident)) }
    }

    func commit(_ commits: [Commit]) async throws -> [Incident] {
        var incidents: [Incident] = []
        for start in stride(from: 0, to: commits.count, by: 200) {
            let some = Array(commits[start..<min(start + 200, commits.count)])
            for result in await store.commit(some, at: base.now) {
                guard case .committed(let incident) = result else { throw DatabaseError.closed }
                incidents.append(incident)
            }
        }
        return incidents
    }

    func opening(_ event: AlertEvent) -> Commit {
        let transition = Incident.open(
            id: store.identifiers.next(), event: event, severity: .critical, source: base.team.source, team: "team-ops",
            author: .source(base.team.source), at: base.now, configuration: base.configuration)
        return Commit(before: nil, transition: transition)
    }

    mutating func note(_ place: Int, _ text: String) async throws {
        let trimmed = text.trimmingBlanks()
        guard !trimmed.isEmpty else { return }
        known[place].incident = try await base.commit(known[place].incident, .note(trimmed))
        known[place].notes.append(trimmed)
    }

    /// Changes the texts as another alert does.
    mutating func rename(_ place: Int, _ title: String) async throws {
        let before = known[place].incident
        var transition = try before.decide(
            .note("renamed"), by: .user(base.team.users[0]), at: base.now, configuration: base.configuration)
        transition.incident.title = title
        transition.incident.labels["renamed"] = title
        transition.entries = []
        guard
            case .committed(let after) = await store.commit(
                [Commit(before: before, transition: transition)], at: base.now)[0]
        else { throw DatabaseError.closed }
        known[place].incident = after
    }

    /// Takes everything into the index for which there is a batch, and returns the number of batches.
    @discardableResult
    func index() async throws -> Int {
        var count = 0
        while let batch = try await store.nextSearchBatch() {
            for part in 0..<batch.parts {
                guard try await store.write(batch, part: part, under: lease, at: base.now) else {
                    throw DatabaseError.closed
                }
            }
            count += 1
        }
        return count
    }

    /// The numbers that a search finds, page after page.
    func found(_ term: String, _ states: Set<Incident.State.Name> = [], limit: Int = 200) async throws -> [Int] {
        var filter = IncidentFilter()
        (filter.text, filter.states, filter.limit) = (term, states, limit)
        var numbers: [Int] = []
        while true {
            let page = try await store.incidents(filter).map(\.number)
            numbers += page
            guard page.count == limit else { return numbers }
            filter.before = page.last
        }
    }

    /// What a search must find.
    func expected(_ term: String, _ states: Set<Incident.State.Name> = []) -> [Int] {
        known.filter { states.isEmpty || states.contains($0.incident.state.name) }.filter { $0.contains(term) }
            .map(\.incident.number).sorted(by: >)
    }
}
