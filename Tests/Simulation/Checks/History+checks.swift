import Database
import Domain
import Providers
import Store

extension History {
    /// A process looked whether the pages of a message are still wanted.
    func looked(_ message: String, _ process: Int, excluded: Set<String>) {
        let breaks = world.network.breaks(ofProcess: process)
        attempts[message]?[process]?.look = (world.server.commits, breaks, world.scheduler.now, excluded)
    }

    /// A provider got a message.
    func handedOver(_ message: Message, by process: Process, isTaken: Bool, receipt: Receipt) {
        guard !world.isOver else { return }
        note(
            "process \(process.number) hands \(message.id) over to \(message.address): \(receipt.word)\(isTaken ? ", taken" : "")"
        )
        guard let attempt = attempts[message.id]?[process.number] else {
            return violate(.fence, "a message left that was never claimed by its process")
        }
        let breaks = world.network.breaks(ofProcess: process.number)
        let hasLooked = attempt.look.map { $0.breaks == breaks } ?? false
        let excluded = hasLooked ? attempt.look?.excluded ?? [] : []
        for id in attempt.pages where !excluded.contains(id) {
            guard let page = pages[id] else { continue }
            if let withdrawal = page.withdrawnBy {
                check(id, withdrawal, attempt, hasLooked: hasLooked, wasBroken: attempt.breaks != breaks)
            }
            // What the database has forgotten to have claimed goes again, and nobody can mark it.
            guard isTaken, !lostCommits.contains(where: { $0.contains(attempt.commit) }) else { continue }
            if let earlier = page.takes.last { checkDouble(id, page, earlier) }
            counts.handedOver += 1
            let isUnclear: Bool = if case .unknown = receipt { true } else { false }
            pages[id]?.takes.append(
                Take(process: process.number, host: process.host, at: world.scheduler.now, isUnclear: isUnclear))
        }
    }

    private func check(_ id: String, _ withdrawal: Int, _ attempt: Attempt, hasLooked: Bool, wasBroken: Bool) {
        if withdrawal <= attempt.commit {
            return violate(.withdrawn, "page \(id) was claimed after commit \(withdrawal) withdrew it, and left")
        }
        guard hasLooked, let look = attempt.look else {
            if !wasBroken {
                violate(.withdrawn, "page \(id) left without a look after commit \(withdrawal) withdrew it")
            }
            return
        }
        if withdrawal <= look.commits {
            return violate(.withdrawn, "page \(id) left although the last look came after commit \(withdrawal)")
        }
        if world.scheduler.now - look.at > world.plan.lease.microseconds {
            violate(.withdrawn, "page \(id) left long after the last look, and commit \(withdrawal) had withdrawn it")
        }
    }

    private func checkDouble(_ id: String, _ page: PageTrack, _ earlier: Take) {
        counts.doubles += 1
        if !page.isMarked {
            violate(.doubled, "page \(id) was handed over twice without a mark")
        } else if !earlier.isUnclear && !hadTrouble(earlier.host, since: earlier.at - 5_000_000) {
            violate(.doubled, "page \(id) was handed over twice although nothing failed")
        }
    }

    /// A sender was told that its alert is accepted.
    func accepted(_ event: AlertEvent, _ incident: Incident, isNew: Bool) {
        counts.accepted += 1
        note("alert \(event.dedupKey) is accepted: \(name(incident.id)) version \(incident.version)")
        checkStored(incident)
        if isNew && !pages.values.contains(where: { $0.incident == incident.id }) {
            violate(.stored, "\(name(incident.id)) has no page")
        }
    }

    /// A person was told that a command is done.
    func answered(_ user: UserID, _ incident: Incident, _ outcome: Transition.Outcome) {
        note("\(user) is told: \(name(incident.id)) \(outcome)")
        checkStored(incident)
    }

    private func checkStored(_ incident: Incident) {
        let rows = try? world.server.look("SELECT version FROM incidents WHERE id = \(incident.id.rawValue)")
        guard let version = try? rows?.first?.get("version", as: Int.self), version >= incident.version else {
            return violate(
                .stored, "\(name(incident.id)) was answered with version \(incident.version), which is not stored")
        }
    }

    /// Incidents that this transaction touched must have a next step, an owner, or somebody who was reached.
    func checkHope(_ commit: Server.Commit) {
        var touched: Set<IncidentID> = []
        for change in commit.changes {
            if change.kind == "incident" { touched.insert(IncidentID(change.subject)) }
            if change.kind == "page", let incident = pages[change.subject]?.incident { touched.insert(incident) }
        }
        for id in touched {
            guard let track = incidents[id], track.state == "triggered", track.next == nil else { continue }
            guard track.isExhausted else {
                violate(.hope, "\(track.name) has no next step although its policy goes on")
                continue
            }
            let hope = try? world.server.look(
                """
                SELECT (SELECT COUNT(*) FROM pages WHERE incident_id = \(id.rawValue)
                  AND state IN ('sent', 'delivered', 'queued', 'claimed'))
                  + (SELECT COUNT(*) FROM follow_ups WHERE incident_id = \(id.rawValue)) AS count
                """
            ).first?.get("count", as: Int.self)
            if hope == 0 { violate(.hope, "\(track.name) has no next step, and nobody was reached") }
        }
    }

    /// How late anything may be while nothing fails.
    static let tolerance: Duration = .seconds(10)

    /// Looks for what is overdue.
    func checkPromptness() {
        checkPostsInTime()
        guard violation == nil, world.scheduler.now > troubledUntil + History.tolerance.microseconds else { return }
        let bound = (world.server.now - History.tolerance - world.plan.bundlingWindow).microseconds
        let claimBound = (world.server.now - .seconds(35)).microseconds
        let overdue: [(String, SQL)] = [
            ("pages wait", "SELECT id FROM pages WHERE state = 'queued' AND due_at < \(bound)"),
            (
                "pages are claimed for long",
                "SELECT id FROM pages WHERE state = 'claimed' AND claimed_at < \(claimBound)"
            ),
            ("reports are overdue", "SELECT id FROM pages WHERE state = 'sent' AND receipt_due_at < \(claimBound)"),
            ("incidents are overdue", "SELECT id FROM incidents WHERE next_escalation_at < \(bound)"),
            ("follow-ups wait", "SELECT id FROM follow_ups WHERE due_at < \(bound)"),
        ]
        for (what, statement) in overdue {
            guard let rows = try? world.server.look(statement), !rows.isEmpty else { continue }
            let ids = rows.compactMap { try? $0.get("id", as: String.self) }
            return violate(.prompt, "\(what): \(ids.joined(separator: ", "))")
        }
        try? checkWays()
    }

    /// What must follow a failed page is stored with the failure.
    func checkFollowUp(of page: String) {
        guard let incident = pages[page]?.incident else { return }
        let rows = try? world.server.look("SELECT id FROM follow_ups WHERE id = \(page)")
        if rows?.isEmpty != false { violate(.ways, "a page of \(name(incident)) failed, and nothing follows") }
    }

    /// When a page has failed, the person's next page does not wait for its usual time.
    private func checkWays() throws {
        let bound = world.scheduler.now - History.tolerance.microseconds
        let usual = (world.server.now + History.tolerance).microseconds
        var ways: [String: [PageTrack]] = [:]
        for page in pages.values where page.incident != nil { ways[page.way, default: []].append(page) }
        for pages in ways.values {
            guard let failed = pages.filter({ $0.state == "failed" }).map(\.changedAt).max(), failed < bound else {
                continue
            }
            let waiting = pages.filter { $0.state == "queued" }
            guard !waiting.isEmpty, waiting.allSatisfy({ $0.dueAt > usual }), let incident = pages[0].incident,
                pages.allSatisfy({ $0.changedAt <= failed })
            else { continue }
            let rows = try world.server.look(
                """
                SELECT id FROM incidents WHERE id = \(incident.rawValue) AND state = 'triggered'
                  AND next_escalation_at IS NOT NULL AND state_detail LIKE '%"type":"due"%'
                  AND NOT EXISTS (SELECT 1 FROM follow_ups WHERE follow_ups.incident_id = incidents.id)
                """)
            if !rows.isEmpty { violate(.ways, "a page of \(name(incident)) failed, and the person's next one waits") }
        }
    }

    /// Checks what must be true in the end.
    func finish() throws {
        checkPromptness()
        let bound = (world.server.now - (world.plan.settling - .seconds(30))).microseconds
        let left = try world.server.look(
            """
            SELECT id, state FROM pages WHERE (state = 'queued' AND due_at < \(bound))
              OR (state = 'claimed' AND claimed_at < \(bound)) OR (state = 'sent' AND receipt_due_at < \(bound))
            """)
        for row in left {
            violate(
                .final, "page \(try row.get("id", as: String.self)) is still \(try row.get("state", as: String.self))")
        }
        if violation == nil { try checkPosts() }
        if violation == nil { try checkTexts() }
        if violation == nil { try checkTimelines() }
    }
}
