package import Database

extension Store {
    /// Returns the number of PostgreSQL replicas for which commits do not wait. A failover to one of them may lose the
    /// last changes. Zero if commits wait for a replica, if there are no replicas, and on SQLite.
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
