import Database
import Domain

extension History {
    /// From here on, transactions will be lost by a failover.
    func tailBegins() {
        tail = (world.server.commits, world.scheduler.now)
        note("the replica falls behind")
    }

    /// The tail is lost, and the checks forget it too. Nobody can keep what the database has forgotten, but everything
    /// else must hold from here on.
    func tailIsLost() throws(DatabaseError) {
        guard let tail else { return }
        note("\(world.server.commits - tail.commit) commits are lost")
        if world.server.commits > tail.commit { lostCommits.append(tail.commit + 1...world.server.commits) }
        try readLeases()
        try readIncidents()
        try readPages(after: tail)
        forgetPosts(since: tail.at)
        self.tail = nil
    }

    private func readLeases() throws(DatabaseError) {
        leases = [:]
        for row in try world.server.look("SELECT name, holder, epoch, expires_at FROM leases") {
            leases[try row.get("name")] = LeaseTrack(
                holder: try row.get("holder", as: String?.self) ?? "", epoch: try row.get("epoch"),
                expiresAt: try row.get("expires_at"))
        }
    }

    private func readIncidents() throws(DatabaseError) {
        let rows = try world.server.look("SELECT id, state, next_escalation_at, state_detail FROM incidents")
        var known: [IncidentID: IncidentTrack] = [:]
        for row in rows {
            let id: IncidentID = try row.get("id")
            known[id] = IncidentTrack(
                name: name(id), state: try row.get("state"),
                next: try row.get("next_escalation_at", as: Int64?.self),
                isExhausted: try row.get("state_detail", as: String.self).contains("exhausted"))
        }
        incidents = known
    }

    private func readPages(after tail: (commit: Int, at: Int64)) throws(DatabaseError) {
        let rows = try world.server.look("SELECT id, state, due_at, unwanted, is_possible_duplicate FROM pages")
        var kept: [String: PageTrack] = [:]
        for row in rows {
            let id: String = try row.get("id")
            guard var page = pages[id] else { continue }
            page.state = try row.get("state")
            page.dueAt = try row.get("due_at")
            page.changedAt = world.scheduler.now
            page.isUnwanted = try row.get("unwanted", as: String?.self) != nil
            page.isMarked = try row.get("is_possible_duplicate", as: Int64.self) == 1
            if let withdrawal = page.withdrawnBy, withdrawal > tail.commit { page.withdrawnBy = nil }
            // The database does not know that these left. They go again, and nobody can mark them.
            page.takes.removeAll { $0.at >= tail.at }
            kept[id] = page
        }
        pages = kept
    }
}
