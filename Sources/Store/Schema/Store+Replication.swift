package import Database

extension Store {
    /// How many replicas PostgreSQL sends its changes to without waiting for any of them. A fail-over to one of these may
    /// lose the last changes. Zero where commits wait for a replica, where there is none, and on SQLite.
    package func asynchronousReplicas() async throws(DatabaseError) -> Int {
        guard database.dialect.name == "postgres" else { return 0 }
        return try await database.read { (connection) throws(DatabaseError) in
            try connection.query(
                """
                SELECT COUNT(*) AS count FROM pg_stat_replication
                WHERE current_setting('synchronous_standby_names') = ''
                """
            ).first?.get("count") ?? 0
        }
    }
}
