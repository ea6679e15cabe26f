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
    let rules = try connection.query("SELECT id, user_id, urgency, delay, contact_method_id FROM notification_rules")
    var configuration = Configuration(
        version: try readConfigurationVersion(connection), users: try User.all(on: connection, damage),
        teams: try Team.all(on: connection, damage), contactMethods: try ContactMethod.all(on: connection, damage),
        rules: damage.decode(rules, of: "notification_rules", isWhole: true, decodeRule),
        schedules: try Schedule.all(on: connection, damage), policies: try EscalationPolicy.all(on: connection, damage),
        sources: try AlertSource.all(on: connection, damage), heartbeats: try Heartbeat.all(on: connection, damage),
        maintenanceWindows: try MaintenanceWindow.all(on: connection, damage),
        teamChannels: try TeamChannel.all(on: connection, damage),
        messageTemplates: try MessageTemplate.all(on: connection, damage))
    configuration.numbers = try readNumbers(connection)
    return configuration
}

private func decodeRule(_ row: Row) throws(DatabaseError) -> NotificationRule {
    NotificationRule(
        id: try row.get("id"), userID: try row.get("user_id"), urgency: try row.get("urgency"),
        delay: try row.get("delay"), contactMethodID: try row.get("contact_method_id"))
}
