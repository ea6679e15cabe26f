package import Database
package import Domain
internal import Store

/// Finds the actor of an incident by its id, and the actor of a dedup key by source, team and key.
///
/// Its size is bounded: actors that have not been used for a while are evicted. If an evicted actor is still working,
/// a second actor for the same incident does no harm, because the commit checks the version.
package actor IncidentDirectory {
    /// The maximum number of actors of each kind to keep.
    package static let limit = 5_000

    private struct Entry {
        let actor: IncidentActor
        let mailbox: Batcher<[CommandRequest], [CommandResult]>
        var lastUse: UInt64
    }
    private struct ProblemEntry {
        let mailbox: Batcher<Alert, AlertResult>
        var lastUse: UInt64
    }

    private let context: IncidentContext
    private var incidents: [IncidentID: Entry] = [:]
    private var problems: [IncidentKey: ProblemEntry] = [:]
    private var uses: UInt64 = 0
    private var lastNumber: Int?

    package init(context: IncidentContext) {
        self.context = context
    }

    /// Sends a command to an incident and returns once it is committed.
    package func perform(_ request: CommandRequest, on id: IncidentID) async -> CommandResult {
        await performAll([request], on: id)[0]
    }

    /// Sends several commands to an incident. They keep their order and are committed together.
    func performAll(_ requests: [CommandRequest], on id: IncidentID) async -> [CommandResult] {
        await entry(id).mailbox.submit(requests)
    }

    /// Sends an alert to the actor of its dedup key and returns once it is committed.
    package func receive(_ alert: Alert, of problem: IncidentKey) async -> AlertResult {
        uses += 1
        problems[problem]?.lastUse = uses
        if let known = problems[problem] { return await known.mailbox.submit(alert) }
        let actor = DedupKeyActor(problem: problem, directory: self, context: context)
        let mailbox = Batcher<Alert, AlertResult>(limit: 1_000) { await actor.process($0) }
        problems[problem] = ProblemEntry(mailbox: mailbox, lastUse: uses)
        if problems.count > IncidentDirectory.limit { problems = newest(problems) { $0.lastUse } }
        return await mailbox.submit(alert)
    }

    /// Caches an incident that was just opened.
    func adopt(_ incident: Incident) {
        lastNumber = max(lastNumber ?? 0, incident.number)
        _ = entry(incident.id, known: incident)
    }

    /// Returns the number that the next incident gets unless another process opens one first. That is accurate enough
    /// for alternating between people.
    package func upcomingNumber() async throws(DatabaseError) -> Int {
        if lastNumber == nil { lastNumber = max(lastNumber ?? 0, try await context.store.lastIncidentNumber()) }
        return (lastNumber ?? 0) + 1
    }

    /// Reserves the number for an incident that is being opened, so that incidents opened together get different ones.
    func takeNumber() async throws(DatabaseError) -> Int {
        let number = try await upcomingNumber()
        lastNumber = max(lastNumber ?? 0, number)
        return number
    }

    /// Discards the cached state of incidents that another process changed.
    package func forget(_ ids: [IncidentID]) async {
        for id in ids { await incidents[id]?.actor.forget() }
    }

    /// Discards everything, because another process may have changed anything.
    package func forgetAll() {
        incidents = [:]
        problems = [:]
        lastNumber = nil
    }

    private func entry(_ id: IncidentID, known: Incident? = nil) -> Entry {
        uses += 1
        incidents[id]?.lastUse = uses
        if let entry = incidents[id] { return entry }
        let actor = IncidentActor(id: id, known: known, context: context)
        let mailbox = Batcher<[CommandRequest], [CommandResult]>(limit: 1_000) { groups in
            var results = await actor.process(groups.flatMap(\.self))[...]
            return groups.map { group in
                defer { results = results.dropFirst(group.count) }
                return Array(results.prefix(group.count))
            }
        }
        let entry = Entry(actor: actor, mailbox: mailbox, lastUse: uses)
        incidents[id] = entry
        if incidents.count > IncidentDirectory.limit { incidents = newest(incidents) { $0.lastUse } }
        return entry
    }

    /// Returns the more recently used half.
    private func newest<Key, Value>(_ entries: [Key: Value], _ lastUse: (Value) -> UInt64) -> [Key: Value] {
        let border = entries.values.map(lastUse).sorted()[entries.count / 2]
        return entries.filter { lastUse($0.value) > border }
    }
}
