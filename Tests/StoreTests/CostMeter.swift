import Database
import Domain
import Store
import TestSupport
import Testing

/// Counts work since the last call.
struct CostMeter {
    /// Indices get deeper as they grow.
    static let allowance = 1.25

    let database: any Database
    /// Reaches the database without being counted.
    let base: any Database
    let take: () -> (statements: Int, work: Int)

    init(_ kind: TestDatabase) async throws {
        if kind == .postgres {
            var options = DatabaseOptions()
            options.leaseDuration = .seconds(60)
            base = try openDatabase(try await kind.make(), options: options)
            let explained = ExplainedDatabase(base)
            database = explained
            take = { (0, explained.take()) }
        } else {
            let meter = StatementMeter()
            var options = DatabaseOptions()
            options.meter = meter
            base = try openDatabase(try DatabaseURL("sqlite::memory:"), options: options)
            database = base
            take = {
                let count = meter.take()
                return (count.statements, count.steps)
            }
        }
    }
}
