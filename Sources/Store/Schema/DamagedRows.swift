internal import Database
internal import Synchronization

/// Collects rows that cannot be read, for example those written by another version of PagerPal or by hand. They are
/// skipped, so that one bad row does not stop everything else.
package final class DamagedRows: Sendable {
    /// A row that cannot be read.
    package struct DamagedRow: Sendable, Hashable {
        package let table: String
        package let id: String
        package let reason: String
    }

    private struct State {
        var rows: [String: Set<DamagedRow>] = [:]
        var onNew: (@Sendable (DamagedRow) -> Void)?
    }
    /// The maximum number of rows remembered per table.
    private static let limit = 100

    private let state = Mutex(State())

    /// All known damaged rows.
    package var all: [DamagedRow] {
        state.withLock { $0.rows.values.flatMap(\.self) }.sorted { ($0.table, $0.id) < ($1.table, $1.id) }
    }

    /// Calls the body for each row when it is first found.
    package func onNew(_ body: @escaping @Sendable (DamagedRow) -> Void) { state.withLock { $0.onNew = body } }

    /// Returns the rows that can be decoded.
    ///
    /// - Parameter isWhole: whether these are all rows of the table. If so, its earlier findings are forgotten.
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
