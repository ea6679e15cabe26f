internal import Database
internal import Domain

/// How incidents are written: many rows with one statement.
enum IncidentRow {
    /// A problem that has an open incident already returns no id.
    static let insertion = RowStatement.insertion(
        into: "incidents",
        [
            "id": .text, "number": .bigint, "version": .bigint, "source_id": .text, "team_id": .text,
            "dedup_key": .text, "title": .text, "body": .text, "severity": .text, "urgency": .text, "state": .text,
            "state_detail": .text, "is_held": .bigint, "links": .text, "labels": .text, "policy": .text,
            "cycle": .bigint, "alert_count": .bigint, "opened_at": .bigint, "starts_at": .bigint,
            "last_alert_at": .bigint, "updated_at": .bigint, "auto_resolves_at": .bigint,
            "next_escalation_at": .bigint, "first_acknowledged_at": .bigint, "resolved_at": .bigint, "alerts": .text,
        ], returning: "id")
    /// Where a row for `insertion` has its number, which is known last.
    static let numberPlace = 1

    static func inserted(_ after: Incident, policy: String) -> [SQLValue] {
        [
            after.id.sqlValue, after.number.sqlValue, after.version.sqlValue, after.sourceID.sqlValue,
            after.teamID.sqlValue, after.dedupKey.sqlValue, after.title.sqlValue, after.text.sqlValue,
            after.severity.sqlValue, after.urgency.sqlValue, after.state.name.sqlValue,
            after.state.storedText.sqlValue, after.isHeld.sqlValue, storedText(after.links).sqlValue,
            storedText(after.labels).sqlValue, policy.sqlValue, after.cycle.sqlValue, after.alertCount.sqlValue,
            after.openedAt.sqlValue, after.startsAt.sqlValue, after.lastAlertAt.sqlValue, after.updatedAt.sqlValue,
            after.autoResolvesAt.sqlValue, after.nextEscalationAt.sqlValue, after.acknowledgedAt.sqlValue,
            after.resolvedAt.sqlValue, GroupedAlerts(after.alerts).storedText.sqlValue,
        ]
    }

    /// A row of another version returns no id, since another writer was first. NULL for the policy and the alerts leaves
    /// them as they are.
    static let update = RowStatement(
        """
        UPDATE incidents SET version = given.version, title = given.title, body = given.body,
          severity = given.severity, urgency = given.urgency, state = given.state, state_detail = given.state_detail,
          is_held = given.is_held, links = given.links, labels = given.labels,
          policy = COALESCE(given.policy, incidents.policy), cycle = given.cycle,
          alerts = COALESCE(given.alerts, incidents.alerts), before_resolution = given.before_resolution,
          latest_deed = given.latest_deed, alert_count = given.alert_count, starts_at = given.starts_at,
          last_alert_at = given.last_alert_at, updated_at = given.updated_at,
          auto_resolves_at = given.auto_resolves_at, next_escalation_at = given.next_escalation_at,
          resolved_at = given.resolved_at,
          first_acknowledged_at = COALESCE(incidents.first_acknowledged_at, given.acknowledged_at)
        FROM
        """,
        [
            "key": .text, "before": .bigint, "version": .bigint, "title": .text, "body": .text, "severity": .text,
            "urgency": .text, "state": .text, "state_detail": .text, "is_held": .bigint, "links": .text,
            "labels": .text, "policy": .text, "cycle": .bigint, "alerts": .text, "before_resolution": .text,
            "latest_deed": .text, "alert_count": .bigint, "starts_at": .bigint, "last_alert_at": .bigint,
            "updated_at": .bigint, "auto_resolves_at": .bigint, "next_escalation_at": .bigint,
            "resolved_at": .bigint, "acknowledged_at": .bigint,
        ], "WHERE id = given.key AND incidents.version = given.before RETURNING id")

    static func updated(_ before: Incident, _ after: Incident, policy: String?) -> [SQLValue] {
        let alerts = before.alerts == after.alerts ? nil : GroupedAlerts(after.alerts).storedText
        return [
            after.id.sqlValue, before.version.sqlValue, after.version.sqlValue, after.title.sqlValue,
            after.text.sqlValue, after.severity.sqlValue, after.urgency.sqlValue, after.state.name.sqlValue,
            after.state.storedText.sqlValue, after.isHeld.sqlValue, storedText(after.links).sqlValue,
            storedText(after.labels).sqlValue, policy.sqlValue, after.cycle.sqlValue, alerts.sqlValue,
            (after.beforeResolution?.storedText).sqlValue, (after.latestDeed?.storedText).sqlValue,
            after.alertCount.sqlValue, after.startsAt.sqlValue, after.lastAlertAt.sqlValue, after.updatedAt.sqlValue,
            after.autoResolvesAt.sqlValue, after.nextEscalationAt.sqlValue, after.resolvedAt.sqlValue,
            after.acknowledgedAt.sqlValue,
        ]
    }

    /// Counts alerts that change nothing else, without touching any index.
    static let count = RowStatement(
        """
        UPDATE incidents SET version = given.version, alert_count = given.alert_count,
          last_alert_at = given.last_alert_at, updated_at = given.updated_at
        FROM
        """,
        [
            "key": .text, "before": .bigint, "version": .bigint, "alert_count": .bigint, "last_alert_at": .bigint,
            "updated_at": .bigint,
        ], "WHERE id = given.key AND incidents.version = given.before RETURNING id")

    /// Nil if something else changes.
    static func counted(_ before: Incident, _ after: Incident) -> [SQLValue]? {
        var same = before
        same.version = after.version
        same.alertCount = after.alertCount
        same.lastAlertAt = after.lastAlertAt
        same.updatedAt = after.updatedAt
        guard same == after else { return nil }
        return [
            after.id.sqlValue, before.version.sqlValue, after.version.sqlValue, after.alertCount.sqlValue,
            after.lastAlertAt.sqlValue, after.updatedAt.sqlValue,
        ]
    }
}

extension Incident {
    fileprivate var acknowledgedAt: Timestamp? {
        if case .acknowledged(_, let at, _, _) = state { at } else { nil }
    }

    fileprivate var resolvedAt: Timestamp? {
        if case .resolved(_, let at) = state { at } else { nil }
    }
}
