internal import Database
internal import Domain

extension [PreparedCommit] {
    /// The statements for all but the incidents' own rows, in this order: locks, timeline, keys of grouped alerts, changes
    /// to pages that have not left, new pages, posts, texts to index again, follow-ups that are done.
    func details(at now: Timestamp, _ dialect: Dialect) throws(DatabaseError) -> [SQL] {
        var statements = lockPages(dialect)
        statements += try TimelineEntry.insertion.statements(flatMap(\.entries), dialect)
        statements += try alertKeys(dialect)
        statements += pageChanges(at: now)
        statements += try Page.Draft.insertion.statements(flatMap(\.pages), dialect)
        statements += try posts(at: now, dialect)
        statements += try SearchChange.insertion.statements(compactMap(\.textChange), dialect)
        let done = flatMap(\.commit.followUps)
        return done.isEmpty ? statements : statements + [settlement(of: done)]
    }

    /// Locks the pages that these changes touch, in the order of their ids. Everything that changes several pages locks
    /// them in this order, which prevents deadlocks.
    private func lockPages(_ dialect: Dialect) -> [SQL] {
        let incidents = filter(\.changesPages).map(\.after.id)
        guard !incidents.isEmpty, dialect.name == "postgres" else { return [] }
        let renumbered = filter { $0.commit.transition.pageChanges.contains(where: \.renumbers) }.map(\.after.id)
        return [
            """
            SELECT id FROM pages WHERE incident_id IN \(list: incidents)
              AND (state IN ('queued', 'claimed') OR incident_id IN \(list: renumbered))
            ORDER BY id \(dialect.lockForUpdate)
            """
        ]
    }

    /// Updates the keys that find the alerts of open incidents.
    private func alertKeys(_ dialect: Dialect) throws(DatabaseError) -> [SQL] {
        var ended: [IncidentID] = []
        var deletions: [SQL] = []
        var rows: [[SQLValue]] = []
        for change in self {
            let (known, wanted) = (change.commit.before?.openAlertKeys ?? [], change.after.openAlertKeys)
            guard let source = change.after.sourceID, known != wanted else { continue }
            let id = change.after.id
            if wanted.isEmpty {
                ended.append(id)
                continue
            }
            let gone = known.subtracting(wanted).sorted()
            if !gone.isEmpty {
                deletions.append("DELETE FROM alert_keys WHERE incident_id = \(id) AND alert_key IN \(list: gone)")
            }
            rows += wanted.subtracting(known).sorted().map { [id.sqlValue, source.sqlValue, $0.sqlValue] }
        }
        if !ended.isEmpty { deletions.append("DELETE FROM alert_keys WHERE incident_id IN \(list: ended)") }
        return try deletions + alertKeyInsertion.statements(rows, dialect)
    }

    /// Changes stored pages. Each incident's changes keep their order. Equal ones of several incidents are one statement.
    private func pageChanges(at now: Timestamp) -> [SQL] {
        var statements: [SQL] = []
        let changes = filter(\.changesPages).map { (id: $0.after.id, list: $0.commit.transition.pageChanges) }
        for place in 0..<(changes.map(\.list.count).max() ?? 0) {
            var cancelled: [String: [IncidentID]] = [:]
            for change in changes where change.list.count > place {
                if case .cancelAll(let reason) = change.list[place] {
                    cancelled[reason, default: []].append(change.id)
                } else {
                    statements += change.list[place].statements(incident: change.id, at: now)
                }
            }
            for (reason, ids) in cancelled.sorted(by: { $0.key < $1.key }) {
                statements.append(cancellation(of: ids, reason, at: now))
            }
        }
        return statements
    }

    private func posts(at now: Timestamp, _ dialect: Dialect) throws(DatabaseError) -> [SQL] {
        var outdated: [[TeamChannelID]: [IncidentID]] = [:]
        var rows: [[SQLValue]] = []
        for change in self {
            let posts = change.commit.transition.posts
            let opening = posts.opening.sorted()
            if posts.areOutdated && change.commit.before != nil {
                outdated[opening, default: []].append(change.after.id)
            }
            rows += opening.map { postRow($0, change.after.id, at: now) }
        }
        let updates = outdated.sorted { ($0.value.first ?? "") < ($1.value.first ?? "") }.map {
            outdatedPosts(of: $0.value, except: $0.key, at: now)
        }
        return try updates + postInsertion.statements(rows, dialect)
    }
}

extension PreparedCommit {
    /// A new incident has no pages that could change.
    fileprivate var changesPages: Bool { commit.before != nil && !commit.transition.pageChanges.isEmpty }
}

extension Incident {
    /// The keys of its alerts. While the incident is open, a recovery finds it by them.
    fileprivate var openAlertKeys: Set<String> { isOpen ? Set(alerts.keys) : [] }
}

let alertKeyInsertion = RowStatement.insertion(
    into: "alert_keys", ["incident_id": .text, "source_id": .text, "alert_key": .text])

extension PageChange {
    /// Whether it also changes pages that are final.
    fileprivate var renumbers: Bool { if case .takeBack = self { true } else { false } }
}
