/// When a task stops waiting for the database.
///
/// A frozen database answers no call and reports no error. A caller with a deadline gets `.unavailable` then. A call
/// that has started may still succeed later, so its outcome is unknown, as after a lost connection.
package enum DatabaseDeadline {
    /// Nil means that calls wait as long as the workload's time-outs allow.
    @TaskLocal package static var current: ContinuousClock.Instant?

    /// Runs a body whose database calls end within a time. A deadline that is sooner stays.
    package static func within<Value>(
        _ limit: Duration, isolation: isolated (any Actor)? = #isolation, _ body: () async throws -> Value
    ) async rethrows -> Value {
        let deadline = ContinuousClock.Instant.now + limit
        return try await $current.withValue(current.map { min($0, deadline) } ?? deadline, operation: body)
    }
}
