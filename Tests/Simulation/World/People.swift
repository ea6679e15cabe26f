import Actors
import Database
import Domain
import Store

/// The people who are paged, and what they do.
final class People: @unchecked Sendable {
    private struct Intent {
        let message: Int
        let after: Duration
        let deed: Plan.Deed
        let host: Int
    }

    let world: World
    private var received: [UserID: Int] = [:]
    private var intents: [UserID: [Intent]] = [:]

    init(_ world: World) { self.world = world }

    private func user(_ number: Int) -> UserID { UserID(Cast.people[number]) }

    func expect(_ person: Int, _ message: Int, _ after: Duration, _ deed: Plan.Deed, _ host: Int) {
        intents[user(person), default: []].append(Intent(message: message, after: after, deed: deed, host: host))
    }

    func received(_ message: Message) {
        guard let user = Cast.owner(of: message.address) else { return }
        let number = received[user, default: 0]
        received[user] = number + 1
        let incidents = world.history.incidents(ofMessage: message.id)
        for intent in intents[user] ?? [] where intent.message == number {
            world.scheduler.after(intent.after) { [self] in
                for incident in incidents { act(user, intent.deed, on: incident, intent.host) }
            }
        }
    }

    func act(_ person: Int, _ deed: Plan.Deed, ordinal: Int, _ host: Int) {
        let known = world.history.knownIncidents
        guard !known.isEmpty else { return }
        act(user(person), deed, on: known[ordinal % known.count], host)
    }

    /// Writes to the bot about an incident, or asks it for help while there is none.
    func write(_ person: Int, _ word: Plan.Word, ordinal: Int) {
        let known = world.history.knownIncidents
        let id = known.isEmpty ? "" : known[ordinal % known.count].rawValue
        let rows = try? world.server.look("SELECT number FROM incidents WHERE id = \(id)")
        let number = try? rows?.first?.get("number", as: Int.self)
        world.bot.write(person, number.map { "\(word.rawValue) \($0)" } ?? "help")
    }

    func act(_ person: Int, _ deed: Plan.Deed, on incident: IncidentID, _ host: Int) {
        act(user(person), deed, on: incident, host)
    }

    private func act(_ user: UserID, _ deed: Plan.Deed, on incident: IncidentID, _ host: Int) {
        guard !world.isOver else { return }
        guard let process = world.servingProcess(on: host) else { return }
        world.history.note("\(user) does \(deed) on \(world.history.name(incident)) at process \(process.number)")
        process.serve { [self] engine in
            let configuration = engine.configuration.current
            guard let person = configuration.users[user] else { return }
            let now = engine.time.now()
            let command: Command =
                switch deed {
                case .acknowledge: .acknowledge
                case .resolve: .resolve
                case .snooze: .snooze(until: now + .seconds(30))
                case .escalate: .escalate
                case .reassign: configuration.policies["second"].map { .reassign($0) } ?? .escalate
                case .reopen: .reopen
                case .undo: .undo
                case .note: .note("a note")
                }
            let result = await engine.directory.perform(
                CommandRequest(command, by: .user(person, via: "simulation")), on: incident)
            guard !world.isOver else { return }
            switch result {
            case .done(let incident, let outcome): world.history.answered(user, incident, outcome)
            case .refused(let refusal): world.history.note("refused: \(refusal)")
            case .notFound: world.history.note("not found")
            case .fenced: world.history.violate(.fence, "a person's command was fenced")
            case .failed(let reason): world.history.note("failed: \(reason)")
            }
        }
    }
}

extension Cast {
    /// The person with an address.
    static func owner(of address: String) -> UserID? { owners[address] }

    private static let owners: [String: UserID] = {
        var owners: [String: UserID] = [:]
        for (index, name) in people.enumerated() {
            owners["+38591555010\(index)"] = UserID(name)
            owners["+38591555020\(index)"] = UserID(name)
            owners["\(name)@example.com"] = UserID(name)
        }
        return owners
    }()
}
