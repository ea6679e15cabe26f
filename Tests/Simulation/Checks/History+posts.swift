import Database
import Domain
import Providers
import Store

extension History {
    /// What the readers of a channel saw of an incident.
    struct PostTrack {
        /// The states that they saw, in order, with the instants.
        var seen: [(state: String, at: Int64)] = []
        /// Whether the database has forgotten something that they saw.
        var isForgotten = false
    }

    /// A provider got a message for a channel of the team.
    func posted(_ message: Message, by process: Process, isTaken: Bool, receipt: Receipt) {
        guard !world.isOver else { return }
        let state = message.body?.firstMatch(of: #/"state":"(\w+)"/#).map { String($0.output.1) } ?? "?"
        let incident = IncidentID(message.thread ?? "")
        note(
            "process \(process.number) posts \(name(incident)) as \(state) to \(message.address): \(receipt.word)\(isTaken ? ", taken" : "")"
        )
        guard knownIncidents.contains(incident) else {
            return violate(.posts, "incident \(incident) was posted before it was stored")
        }
        guard isTaken, let channel = Cast.channels.first(where: { $0.address == message.address }) else { return }
        posts["\(channel.id) \(incident)", default: PostTrack()].seen.append((state, world.scheduler.now))
    }

    /// The database forgets what was posted in the tail. Nobody can know that it has to be posted again.
    func forgetPosts(since instant: Int64) {
        for (id, track) in posts where track.seen.contains(where: { $0.at >= instant }) {
            posts[id]?.isForgotten = true
        }
    }

    /// Posts leave in time, however the pages fare.
    func checkPostsInTime() {
        let bound = max(troubledUntil, postsDelayedUntil) + History.tolerance.microseconds
        guard violation == nil, world.scheduler.now > bound else { return }
        let due = (world.server.now - History.tolerance).microseconds
        guard let rows = try? world.server.look("SELECT id FROM posts WHERE due_at < \(due)"), !rows.isEmpty else {
            return
        }
        violate(.prompt, "posts wait: \(rows.compactMap { try? $0.get("id", as: String.self) })")
    }

    /// In the end each channel shows each incident as it is, or its post has visibly failed or waits for another try.
    func checkPosts() throws {
        let rows = try world.server.look(
            """
            SELECT incidents.id AS incident, state, cycle, posts.id AS post, due_at, fault, told FROM incidents
            LEFT JOIN posts ON posts.incident_id = incidents.id ORDER BY incidents.id, posts.id
            """)
        var shown: [IncidentID: Int] = [:]
        for row in rows {
            let incident: IncidentID = try row.get("incident")
            guard let post = try row.get("post", as: String?.self) else { continue }
            shown[incident, default: 0] += 1
            let isVisible = try row.get("fault", as: String?.self) != nil
            let isWaiting = try row.get("due_at", as: Int64?.self) != nil
            let track = posts[post] ?? PostTrack()
            guard !isVisible, !isWaiting, !track.isForgotten else { continue }
            let state = try word(row)
            // A message that can't be edited is sent once for each state.
            let isTold =
                post.hasPrefix("\(Cast.channels[0].id) ")
                ? track.seen.last?.state == state : track.seen.contains { $0.state == state }
            if !isTold { violate(.posts, "\(post) shows \(track.seen.map(\.state)), and the incident is \(state)") }
        }
        for (incident, track) in incidents where shown[incident] != Cast.channels.count {
            violate(.posts, "\(track.name) is shown in \(shown[incident] ?? 0) channels")
        }
    }

    private func word(_ row: Row) throws -> String {
        let state: String = try row.get("state")
        return state == "triggered" ? try row.get("cycle", as: Int.self) > 1 ? "escalated" : "open" : state
    }

    /// In the end the bot has no text that nobody has read.
    func checkTexts() throws {
        let offset = try world.server.look("SELECT value FROM counters WHERE name = 'telegram-offset'").first
        let read = try offset?.get("value", as: Int64.self) ?? 1
        if read != world.bot.end { violate(.final, "texts up to \(read - 1) of \(world.bot.end - 1) were read") }
        let open = try world.server.look("SELECT id FROM inbound_texts WHERE outcome = 'received'")
        if !open.isEmpty { violate(.final, "\(open.count) texts have no outcome") }
    }
}
