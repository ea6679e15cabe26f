internal import Database
internal import Synchronization

/// Rows that can't be read, like one that an older or newer version of PagerPal or a person wrote. They are left out, so
/// that one of them doesn't stop everything else.
package final class DamagedRows: Sendable {
    /// One of them.
    package struct DamagedRow: Sendable, Hashable {
        package let table: String
        package let id: String
        package let reason: String
    }

    private struct State {
        var rows: [String: Set<DamagedRow>] = [:]
        var onNew: (@Sendable (DamagedRow) -> Void)?
    }
    /// Rows of a table that are kept in mind.
    private static let limit = 100

    private let state = Mutex(State())

    /// All that are known.
    package var all: [DamagedRow] {
        state.withLock { $0.rows.values.flatMap(\.self) }.sorted { ($0.table, $0.id) < ($1.table, $1.id) }
    }

    /// Calls back with each row when it is found for the first time.
    package func onNew(_ body: @escaping @Sendable (DamagedRow) -> Void) { state.withLock { $0.onNew = body } }

    /// The rows that can be read.
    ///
    /// - Parameter isWhole: these are all rows of the table, so that those found earlier are forgotten.
    func decode<Value>(
        _ rows: [Row], of table: String, isWhole: Bool, _ decode: (Row) throws(DatabaseError) -> Value
    ) -> [Value] {
        var values: [Value] = []
        var damaged: Set<DamagedRow> = []
        for row in rows {
            do throws(DatabaseError) {
                values.append(try decode(row))
            } catch {
                let id = (try? row.get("id", as: String.self)) ?? "unknown"
                damaged.insert(DamagedRow(table: table, id: id, reason: error.description))
            }
        }
        note(damaged, of: table, isWhole: isWhole)
        return values
    }

    private func note(_ damaged: Set<DamagedRow>, of table: String, isWhole: Bool) {
        let (new, listener) = state.withLock { state in
            let known = state.rows[table] ?? []
            let kept = isWhole || known.count >= DamagedRows.limit ? damaged : known.union(damaged)
            state.rows[table] = kept.isEmpty ? nil : kept
            return (damaged.subtracting(known), state.onNew)
        }
        for row in new { listener?(row) }
    }
}
