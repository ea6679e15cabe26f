package import Database
package import Domain

extension Heartbeat.Signal: SQLRepresentable {}

extension Store {
    /// Returns a monitor's latest signals, the newest first.
    package func signals(of id: HeartbeatID) async throws(DatabaseError) -> [Heartbeat.Heard] {
        try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT at, signal, address, agent, is_late FROM beats WHERE heartbeat_id = \(id)
                ORDER BY id DESC LIMIT \(Heartbeat.Limits.signals)
                """
            ).map { (row) throws(DatabaseError) in
                Heartbeat.Heard(
                    at: try row.get("at"), signal: try row.get("signal"), address: try row.get("address"),
                    agent: try row.get("agent"), isLate: try row.get("is_late"))
            }
        }
    }
}

/// Keeps a signal, and forgets the oldest ones. The ids grow with time.
func keepSignal(
    _ heard: Heartbeat.Heard, _ entry: ID<Heartbeat.Heard>, of id: HeartbeatID, _ connection: any Connection
) throws(DatabaseError) {
    try connection.execute(
        """
        INSERT INTO beats (id, heartbeat_id, at, signal, address, agent, is_late)
        VALUES (\(entry), \(id), \(heard.at), \(heard.signal), \(heard.address), \(heard.agent), \(heard.isLate))
        """)
    try connection.execute(
        """
        DELETE FROM beats WHERE heartbeat_id = \(id) AND id <= (
          SELECT id FROM beats WHERE heartbeat_id = \(id) ORDER BY id DESC LIMIT 1 OFFSET \(Heartbeat.Limits.signals))
        """)
}
