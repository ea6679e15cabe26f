package import Database
package import Domain

extension Store {
    /// The whole configuration as one consistent value.
    package func configuration() async throws(DatabaseError) -> Configuration {
        // A write transaction is not needed: a change between two reads shows in the version, and we read again.
        for _ in 0..<10 {
            let (before, configuration) = try await database.read { (connection) throws(DatabaseError) in
                (try readConfigurationVersion(connection), try loadRoster(connection))
            }
            if configuration.version == before { return configuration }
        }
        throw .busy("the configuration changes faster than it can be read; try again")
    }

    /// Counts the changes of the configuration.
    package func configurationVersion() async throws(DatabaseError) -> Int64 {
        try await database.read { (connection) throws(DatabaseError) in try readConfigurationVersion(connection) }
    }
}

func readConfigurationVersion(_ connection: any Connection) throws(DatabaseError) -> Int64 {
    try connection.query("SELECT version FROM configuration WHERE id = 1").first?.get("version") ?? 0
}

private func loadRoster(_ connection: any Connection) throws(DatabaseError) -> Configuration {
    var members: [TeamID: [UserID]] = [:]
    for row in try connection.query("SELECT team_id, user_id FROM memberships ORDER BY position, user_id") {
        members[try row.get("team_id"), default: []].append(try row.get("user_id"))
    }
    let users = try connection.query("SELECT \(userColumns.all) FROM users").map(decodeUser)
    let teams = try connection.query("SELECT id, name, default_policy_id FROM teams").map {
        (row) throws(DatabaseError) in
        let id: TeamID = try row.get("id")
        return Team(
            id: id, name: try row.get("name"), memberIDs: members[id] ?? [],
            defaultPolicyID: try row.get("default_policy_id"))
    }
    let methods = try connection.query("SELECT \(contactMethodColumns.all) FROM contact_methods").map(
        decodeContactMethod)
    let rules = try connection.query(
        "SELECT id, user_id, urgency, delay, contact_method_id FROM notification_rules"
    ).map { (row) throws(DatabaseError) in
        NotificationRule(
            id: try row.get("id"), userID: try row.get("user_id"), urgency: try row.get("urgency"),
            delay: try row.get("delay"), contactMethodID: try row.get("contact_method_id"))
    }
    let schedules: [Schedule] = try connection.query("SELECT definition FROM schedules").map {
        (row) throws(DatabaseError) in try row.json("definition")
    }
    let policies: [EscalationPolicy] = try connection.query("SELECT definition FROM escalation_policies").map {
        (row) throws(DatabaseError) in try row.json("definition")
    }
    let sources = try connection.query("SELECT \(alertSourceColumns.all) FROM alert_sources").map(decodeAlertSource)
    let heartbeats: [Heartbeat] = try connection.query("SELECT definition FROM heartbeats").map {
        (row) throws(DatabaseError) in try row.json("definition")
    }
    let windows: [MaintenanceWindow] = try connection.query("SELECT definition FROM maintenance_windows").map {
        (row) throws(DatabaseError) in try row.json("definition")
    }
    return Configuration(
        version: try readConfigurationVersion(connection), users: users, teams: teams, contactMethods: methods,
        rules: rules, schedules: schedules, policies: policies, sources: sources, heartbeats: heartbeats,
        maintenanceWindows: windows)
}

private let userColumns: ColumnList = [
    "id", "name", "email", "role", "time_zone", "locale", "is_enabled", "quiet_from", "quiet_to", "tells_hand_off",
    "tells_shift_ahead",
]

private func decodeUser(_ row: Row) throws(DatabaseError) -> User {
    let from: Int? = try row.get("quiet_from")
    let to: Int? = try row.get("quiet_to")
    var quietHours: QuietHours?
    if let from, let to { quietHours = QuietHours(fromMinute: from, toMinute: to) }
    return User(
        id: try row.get("id"), name: try row.get("name"), email: try row.get("email"), role: try row.get("role"),
        timeZone: try row.get("time_zone"), locale: try row.get("locale"), isEnabled: try row.get("is_enabled"),
        quietHours: quietHours, tellsHandOff: try row.get("tells_hand_off"),
        tellsShiftAhead: try row.get("tells_shift_ahead"))
}

private let contactMethodColumns: ColumnList = [
    "id", "user_id", "channel", "address", "label", "is_enabled", "verified_at",
]

private func decodeContactMethod(_ row: Row) throws(DatabaseError) -> ContactMethod {
    ContactMethod(
        id: try row.get("id"), userID: try row.get("user_id"), channel: try row.get("channel"),
        address: try row.get("address"), label: try row.get("label"), isEnabled: try row.get("is_enabled"),
        verifiedAt: try row.get("verified_at"))
}

private let alertSourceColumns: ColumnList = [
    "id", "name", "kind", "team_id", "policy_id", "default_severity", "is_enabled", "reopen_window",
    "auto_resolve_after", "options", "key_hash", "key_hint",
]

private func decodeAlertSource(_ row: Row) throws(DatabaseError) -> AlertSource {
    AlertSource(
        id: try row.get("id"), name: try row.get("name"), kind: try row.get("kind"), teamID: try row.get("team_id"),
        policyID: try row.get("policy_id"), defaultSeverity: try row.get("default_severity"),
        isEnabled: try row.get("is_enabled"), reopenWindow: try row.get("reopen_window"),
        autoResolveAfter: try row.get("auto_resolve_after"), options: try row.get("options"),
        keyHash: try row.get("key_hash"), keyHint: try row.get("key_hint"))
}
