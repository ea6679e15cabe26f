internal import Database
internal import Domain

/// A configurable thing that is stored as a row with its document.
///
/// The document says everything. A column beside it exists only for what the database has to find or to keep unique.
protocol ConfigurationRow: Configurable, StoredDocument {
    static var table: String { get }
    /// The columns besides `id`, `definition` and `created_at`, with their values.
    var columns: KeyValuePairs<String, any SQLRepresentable> { get }
}

extension Team: ConfigurationRow {
    static var table: String { "teams" }
    var columns: KeyValuePairs<String, any SQLRepresentable> { ["name": name] }
}

extension User: ConfigurationRow {
    static var table: String { "users" }
    var columns: KeyValuePairs<String, any SQLRepresentable> { ["email": email, "is_enabled": isEnabled] }
}

extension ContactMethod: ConfigurationRow {
    static var table: String { "contact_methods" }
    var columns: KeyValuePairs<String, any SQLRepresentable> {
        ["user_id": userID, "channel": channel, "address": address]
    }
}

extension Schedule: ConfigurationRow {
    static var table: String { "schedules" }
    var columns: KeyValuePairs<String, any SQLRepresentable> { ["team_id": teamID, "name": name] }
}

extension EscalationPolicy: ConfigurationRow {
    static var table: String { "escalation_policies" }
    var columns: KeyValuePairs<String, any SQLRepresentable> { ["team_id": teamID, "name": name] }
}

extension AlertSource: ConfigurationRow {
    static var table: String { "alert_sources" }
    var columns: KeyValuePairs<String, any SQLRepresentable> {
        ["team_id": teamID, "name": name, "key_hash": keyHash]
    }
}

extension Heartbeat: ConfigurationRow {
    static var table: String { "heartbeats" }
    var columns: KeyValuePairs<String, any SQLRepresentable> { ["team_id": teamID, "name": name, "token": token] }
}

extension MaintenanceWindow: ConfigurationRow {
    static var table: String { "maintenance_windows" }
    var columns: KeyValuePairs<String, any SQLRepresentable> { ["team_id": teamID, "name": name] }
}

extension TeamChannel: ConfigurationRow {
    static var table: String { "team_channels" }
    var columns: KeyValuePairs<String, any SQLRepresentable> { ["team_id": teamID, "name": name] }
}

extension MessageTemplate: ConfigurationRow {
    static var table: String { "message_templates" }
    var columns: KeyValuePairs<String, any SQLRepresentable> {
        ["template_use": use.rawValue, "language": language.rawValue]
    }
}

extension ConfigurationSubject.Kind {
    /// Where things of this kind are stored; nil for notification rules, which are several rows for each user.
    var row: (any ConfigurationRow.Type)? {
        switch self {
        case .team: Team.self
        case .user: User.self
        case .contactMethod: ContactMethod.self
        case .notificationRules: nil
        case .schedule: Schedule.self
        case .escalationPolicy: EscalationPolicy.self
        case .alertSource: AlertSource.self
        case .heartbeat: Heartbeat.self
        case .maintenanceWindow: MaintenanceWindow.self
        case .teamChannel: TeamChannel.self
        case .messageTemplate: MessageTemplate.self
        }
    }
}

extension ConfigurationRow {
    /// Inserts the row, or replaces the one with its id. A replaced row keeps the columns that are not named here, like
    /// a user's password.
    func saving(at now: Timestamp) -> SQL {
        var (names, values, updates): (SQL, SQL, SQL) = (
            "id, definition, created_at", "\(id.description), \(storedText), \(now)", "definition = excluded.definition"
        )
        for (name, value) in columns {
            names = "\(names), \(raw: name)"
            values = "\(values), \(value)"
            updates = "\(updates), \(raw: name) = excluded.\(raw: name)"
        }
        return "INSERT INTO \(raw: Self.table) (\(names)) VALUES (\(values)) ON CONFLICT (id) DO UPDATE SET \(updates)"
    }

    /// All rows. Rows that can't be read are left out and noted.
    static func all(on connection: any Connection, _ damage: DamagedRows) throws(DatabaseError) -> [Self] {
        let rows = try connection.query("SELECT id, definition FROM \(raw: table)")
        return damage.decode(rows, of: table, isWhole: true) { (row) throws(DatabaseError) in
            try row.document("definition", of: table)
        }
    }
}
