package import Database
package import Domain

extension Store {
    /// Returns the whole configuration as one consistent value.
    package func configuration() async throws(DatabaseError) -> Configuration {
        // A transaction is not needed. If the version changes during the reads, they are repeated.
        let damage = damagedRows
        for _ in 0..<10 {
            let (before, configuration) = try await database.read { (connection) throws(DatabaseError) in
                (try readConfigurationVersion(connection), try loadConfiguration(connection, damage))
            }
            if configuration.version == before { return configuration }
        }
        throw .busy("the configuration keeps changing while it is read; try again")
    }

    /// Returns the version of the configuration, which increases with every change.
    package func configurationVersion() async throws(DatabaseError) -> Int64 {
        try await database.read { (connection) throws(DatabaseError) in try readConfigurationVersion(connection) }
    }
}

func readConfigurationVersion(_ connection: any Connection) throws(DatabaseError) -> Int64 {
    try connection.query("SELECT version FROM configuration WHERE id = 1").first?.get("version") ?? 0
}

private func loadConfiguration(
    _ connection: any Connection, _ damage: DamagedRows
) throws(DatabaseError) -> Configuration {
    func all<Value>(
        _ table: String, _ columns: SQL, _ decode: (Row) throws(DatabaseError) -> Value
    ) throws(DatabaseError) -> [Value] {
        let rows = try connection.query("SELECT \(columns) FROM \(raw: table)")
        return damage.decode(rows, of: table, isWhole: true, decode)
    }
    func definitions<Value: StoredDocument>(of table: String) throws(DatabaseError) -> [Value] {
        try all(table, "id, definition") { (row) throws(DatabaseError) in
            try row.document("definition", of: table)
        }
    }
    var members: [TeamID: [UserID]] = [:]
    for row in try connection.query("SELECT team_id, user_id FROM memberships ORDER BY position, user_id") {
        members[try row.get("team_id"), default: []].append(try row.get("user_id"))
    }
    let users = try all("users", userColumns.all, decodeUser)
    let teams = try all("teams", "id, name, default_policy_id") { (row) throws(DatabaseError) -> Team in
        let id: TeamID = try row.get("id")
        return Team(
            id: id, name: try row.get("name"), memberIDs: members[id] ?? [],
            defaultPolicyID: try row.get("default_policy_id"))
    }
    let methods = try all("contact_methods", contactMethodColumns.all, decodeContactMethod)
    let rules = try all("notification_rules", "id, user_id, urgency, delay, contact_method_id") {
        (row) throws(DatabaseError) in
        NotificationRule(
            id: try row.get("id"), userID: try row.get("user_id"), urgency: try row.get("urgency"),
            delay: try row.get("delay"), contactMethodID: try row.get("contact_method_id"))
    }
    let schedules: [Schedule] = try definitions(of: "schedules")
    let policies: [EscalationPolicy] = try definitions(of: "escalation_policies")
    let sources = try all("alert_sources", alertSourceColumns.all, decodeAlertSource)
    let heartbeats: [Heartbeat] = try definitions(of: "heartbeats")
    let windows: [MaintenanceWindow] = try definitions(of: "maintenance_windows")
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
