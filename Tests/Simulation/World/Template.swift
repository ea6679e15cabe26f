import Actors
import Database
package import Domain
import Store
import TestSupport

/// A database with the schema, a team and the triggers that record what each transaction changes. Simulations use it one
/// after another.
package final class Template: @unchecked Sendable {
    /// When all simulations start, by the simulation's own clock: a Wednesday at noon.
    package static let start = TestTeam.start

    let connection: any Connection

    package init() throws {
        connection = try openMemoryConnection()
        let database = PlainDatabase(connection)
        let identifiers = Identifiers.counting("template")
        try run {
            let store = Store(database: database, identifiers: identifiers)
            _ = try await store.migrate(at: Template.start)
            try await store.change(Cast().changes, at: Template.start)
        }
        try connection.script(Template.observers)
    }

    /// Each trigger writes one row for each change that the checks follow.
    private static let observers = """
        CREATE TABLE sim_clock (now BIGINT NOT NULL);
        INSERT INTO sim_clock (now) VALUES (0);
        CREATE TABLE sim_log (id INTEGER PRIMARY KEY, kind TEXT NOT NULL, subject TEXT NOT NULL, a, b, c, d, e, f, g);
        CREATE TABLE sim_pages_void AS SELECT * FROM pages WHERE 1 = 0;
        CREATE TABLE sim_timeline_void AS SELECT * FROM timeline WHERE 1 = 0;
        CREATE TABLE sim_follow_ups_void AS SELECT * FROM follow_ups WHERE 1 = 0;
        CREATE TABLE sim_posts_void AS SELECT * FROM posts WHERE 1 = 0;
        CREATE UNIQUE INDEX sim_posts_void_id ON sim_posts_void (id);
        CREATE TRIGGER sim_posts_new AFTER INSERT ON posts BEGIN
          INSERT INTO sim_log (kind, subject, a, b, c) VALUES ('post', new.id, new.wanted, new.due_at, new.told); END;
        CREATE TRIGGER sim_posts AFTER UPDATE ON posts BEGIN
          INSERT INTO sim_log (kind, subject, a, b, c, d) VALUES ('post', new.id, new.wanted, new.due_at, new.told,
            new.fault); END;
        CREATE TRIGGER sim_pages_new AFTER INSERT ON pages BEGIN
          INSERT INTO sim_log (kind, subject, a, b, c, d, e, f, g) VALUES ('page+', new.id, new.incident_id, new.state,
            new.due_at, new.user_id, new.channel, new.cycle, new.urgency); END;
        CREATE TRIGGER sim_pages AFTER UPDATE ON pages BEGIN
          INSERT INTO sim_log (kind, subject, a, b, c, d, e, f, g) VALUES ('page', new.id, new.state, new.due_at,
            new.epoch, new.message_id, new.unwanted, new.is_possible_duplicate, new.attempts); END;
        CREATE TRIGGER sim_incidents_new AFTER INSERT ON incidents BEGIN
          INSERT INTO sim_log (kind, subject, a, b, c, d, e) VALUES ('incident', new.id, new.state, new.version, new.cycle,
            new.next_escalation_at, new.state_detail); END;
        CREATE TRIGGER sim_incidents AFTER UPDATE ON incidents BEGIN
          INSERT INTO sim_log (kind, subject, a, b, c, d, e) VALUES ('incident', new.id, new.state, new.version, new.cycle,
            new.next_escalation_at, new.state_detail); END;
        CREATE TRIGGER sim_timeline AFTER INSERT ON timeline BEGIN
          INSERT INTO sim_log (kind, subject, a, b) VALUES ('timeline', new.incident_id, new.event, new.author); END;
        CREATE TRIGGER sim_leases AFTER UPDATE ON leases BEGIN
          INSERT INTO sim_log (kind, subject, a, b, c) VALUES ('lease', new.name, new.holder, new.epoch, new.expires_at);
        END;
        """

    private final class Outcome: @unchecked Sendable { var result: Result<Void, any Error>? }

    private func run(_ body: @escaping @Sendable () async throws -> Void) throws {
        let scheduler = Scheduler(seed: 0)
        let executor = NodeExecutor(scheduler)
        let outcome = Outcome()
        Task(executorPreference: executor) {
            do {
                try await body()
                outcome.result = .success(())
            } catch {
                outcome.result = .failure(error)
            }
        }
        try scheduler.run { outcome.result != nil }
        try outcome.result?.get()
    }
}

/// A connection as a database: without time and without faults.
final class PlainDatabase: Database, @unchecked Sendable {
    let dialect = Dialect.sqlite
    private let connection: any Connection

    init(_ connection: any Connection) { self.connection = connection }

    func read<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value { try body(connection) }

    func write<Value: Sendable>(
        _ workload: Workload, _ body: @escaping @Sendable (any Connection) throws(DatabaseError) -> Value
    ) async throws(DatabaseError) -> Value {
        try connection.script("BEGIN")
        do {
            let value = try body(connection)
            try connection.script("COMMIT")
            return value
        } catch {
            try connection.script("ROLLBACK")
            throw error
        }
    }

    func run(_ workload: Workload, _ statement: SQL) async throws(DatabaseError) -> StatementResult {
        try connection.batch([statement])[0]
    }

    func notifications() -> AsyncStream<DatabaseNotification> { AsyncStream { _ in } }

    func foreignChangeCounter() async throws(DatabaseError) -> Int64? { nil }

    func close() async {}
}
