import Database
import Domain
import Store

/// The simulated database server: one SQLite database in memory, its clock, and what may go wrong with it.
///
/// Everything happens in one outer transaction, which is rolled back at the end. The next simulation then starts with the
/// same schema and the same prepared statements.
final class Server: @unchecked Sendable {
    /// A row that triggers wrote: what a committed transaction changed.
    struct Change: Sendable {
        let kind: String
        let subject: String
        let values: [SQLValue]
    }

    /// What one committed transaction did.
    struct Commit: Sendable {
        /// Counts committed transactions.
        let number: Int
        let node: Int
        let changes: [Change]
        /// The lease under which it was made, if it checked one and was told that it is current.
        let lease: Lease?
        let notices: [String]
    }

    private let connection: any Connection
    private let scheduler: Scheduler
    private var clockSet: Int64 = -1
    /// How far its clock is ahead of the simulation's.
    var clockOffset: Int64 = 0
    var isUp = true
    /// Counts the servers: each failover begins a new one.
    private(set) var generation = 0
    private(set) var commits = 0
    private(set) var statements = 0
    var onCommit: (Commit) -> Void = { _ in }
    /// Called when a process has looked which pages of a message are no longer wanted.
    var onLook: (_ message: String, _ node: Int, _ unwanted: Set<String>) -> Void = { _, _, _ in }
    private let planted: PlantedFault?

    init(_ template: Template, _ scheduler: Scheduler, planted: PlantedFault?) throws(DatabaseError) {
        connection = template.connection
        self.scheduler = scheduler
        self.planted = planted
        try connection.script("BEGIN")
    }

    /// From here on, transactions are missing on the replica.
    func markTail() throws(DatabaseError) { try connection.script("SAVEPOINT tail") }

    /// The replica takes over. What is on its way to the old server never arrives.
    func loseTail() throws(DatabaseError) {
        try connection.script("ROLLBACK TO tail; RELEASE tail")
        clockSet = -1
        generation += 1
    }

    /// Undoes the whole simulation.
    func end() throws(DatabaseError) { try connection.script("ROLLBACK") }

    /// The database's clock.
    var now: Timestamp { Timestamp(microseconds: Template.start.microseconds + scheduler.now + clockOffset) }

    /// The same data at no time and without any fault.
    var plain: any Database { PlainDatabase(connection) }

    /// Reads something for a check, at no time and without any fault.
    func look(_ statement: SQL) throws(DatabaseError) -> [Row] { try connection.query(statement) }

    /// Runs one transaction as a whole.
    func execute<Value>(
        _ node: Int, writes: Bool, _ body: (any Connection) throws(DatabaseError) -> Value
    ) throws(DatabaseError) -> Value {
        let instant = now.microseconds
        if instant != clockSet {
            clockSet = instant
            try connection.execute("UPDATE sim_clock SET now = \(instant)")
        }
        let observed = ObservedConnection(connection, planted)
        defer {
            statements += observed.statements
            for (message, unwanted) in observed.looks { onLook(message, node, unwanted) }
        }
        guard writes else { return try body(observed) }
        try connection.script("SAVEPOINT simulated")
        let value: Value
        do {
            value = try body(observed)
        } catch {
            try connection.script("ROLLBACK TO simulated; RELEASE simulated")
            throw error
        }
        if planted == .answerBeforeCommit && observed.opens {
            try connection.script("ROLLBACK TO simulated; RELEASE simulated")
            return value
        }
        try connection.script("RELEASE simulated")
        let rows = try connection.query("SELECT kind, subject, a, b, c, d, e, f, g FROM sim_log ORDER BY id")
        guard !rows.isEmpty || !observed.notices.isEmpty else { return value }
        if !rows.isEmpty { try connection.execute("DELETE FROM sim_log") }
        commits += 1
        onCommit(
            Commit(
                number: commits, node: node, changes: try rows.map(decodeChange), lease: observed.lease,
                notices: observed.notices))
        return value
    }
}

private func decodeChange(_ row: Row) throws(DatabaseError) -> Server.Change {
    var values: [SQLValue] = []
    for column in ["a", "b", "c", "d", "e", "f", "g"] { values.append(try row.value(column)) }
    return Server.Change(kind: try row.get("kind"), subject: try row.get("subject"), values: values)
}

extension Row {
    fileprivate func value(_ column: String) throws(DatabaseError) -> SQLValue {
        if let integer = try? get(column, as: Int64?.self) { return .integer(integer) }
        if let text = try? get(column, as: String?.self) { return .text(text) }
        return .null
    }
}

/// Passes statements on, and notes what the checks need to know.
private final class ObservedConnection: Connection {
    private let base: any Connection
    private let planted: PlantedFault?
    private(set) var statements = 0
    private(set) var lease: Lease?
    /// The lease that the present query checks.
    private var checks: Lease?
    private(set) var notices: [String] = []
    /// Whether it inserts an incident.
    private(set) var opens = false
    /// The messages whose pages it asked about, with those that are no longer wanted.
    private(set) var looks: [(message: String, unwanted: Set<String>)] = []
    /// The message that the present query asks about.
    private var looksFor: String?

    init(_ base: any Connection, _ planted: PlantedFault?) {
        self.base = base
        self.planted = planted
    }

    private func translated(_ statement: SQL) -> SQL {
        let text = statement.text
        switch true {
        case text.hasPrefix("SELECT epoch FROM leases"): checks = Lease(checkedBy: statement)
        case text.hasPrefix("INSERT INTO incidents"): opens = true
        case text.hasPrefix("SELECT id, COALESCE(unwanted"): looksFor = statement.values.first?.text
        case text.hasPrefix("UPDATE counters"):
            // SQLite has no such function, and needs none.
            let plain = text.replacing("AND set_config('synchronous_commit', 'off', true) = 'off'", with: "")
            return SQL(plain, statement.values)
        default: break
        }
        guard let planted else { return statement }
        let changed = planted.changed(text, statement.values)
        if changed == text { return statement }
        // Statements with rows have unnamed places, which no planted error repeats.
        return changed.contains("$") ? SQL(changed, statement.values) : SQL(text: changed, values: statement.values)
    }

    func query(_ statement: SQL) throws(DatabaseError) -> [Row] {
        statements += 1
        let rows = try base.query(translated(statement))
        observe(rows)
        return rows
    }

    /// Notes what the present query found.
    private func observe(_ rows: [Row]) {
        // A transaction commits the alerts of others even if the lease of one change is over.
        if let checks, !rows.isEmpty { lease = checks }
        checks = nil
        if let message = looksFor {
            looks.append((message, Set(rows.compactMap { try? $0.get("id", as: String.self) })))
            looksFor = nil
        }
    }

    func execute(_ statement: SQL) throws(DatabaseError) -> Int {
        statements += 1
        return try base.execute(translated(statement))
    }

    func batch(_ statements: [SQL]) throws(DatabaseError) -> [StatementResult] {
        self.statements += statements.count
        return try statements.map { (statement) throws(DatabaseError) in
            let result = try base.batch([translated(statement)])[0]
            observe(result.rows)
            return result
        }
    }

    func script(_ text: String) throws(DatabaseError) { try base.script(text) }

    func notify(_ payload: String) throws(DatabaseError) { notices.append(payload) }
}

extension Lease {
    /// The lease that a transaction checks with a statement.
    fileprivate init?(checkedBy statement: SQL) {
        guard statement.values.count == 3, let duty = Lease.Duty(rawValue: statement.values[0].text),
            case .integer(let epoch) = statement.values[2]
        else { return nil }
        self.init(duty, holder: statement.values[1].text, epoch: epoch)
    }
}

extension SQL {
    /// A statement from its text with `$1`, `$2`, … and its values.
    init(_ text: String, _ values: [SQLValue]) {
        var parts = StringInterpolation(literalCapacity: text.utf8.count, interpolationCount: values.count)
        var rest = text[...]
        while let mark = rest.firstIndex(of: "$") {
            let digits = rest[rest.index(after: mark)...].prefix { $0.isNumber }
            parts.appendLiteral(String(rest[..<mark]))
            if let number = Int(digits), values.indices.contains(number - 1) {
                parts.appendInterpolation(BoundValue(values[number - 1]))
            } else {
                parts.appendLiteral("$" + digits)
            }
            rest = rest[digits.endIndex...]
        }
        parts.appendLiteral(String(rest))
        self.init(stringInterpolation: parts)
    }
}

/// A value that is bound as it is.
private struct BoundValue: SQLRepresentable {
    let sqlValue: SQLValue

    init(_ value: SQLValue) { sqlValue = value }
    init?(sqlValue: SQLValue) { self.sqlValue = sqlValue }
}
