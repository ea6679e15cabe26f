/// A test did not end in its time. What hangs fails with its name, instead of stopping all tests.
package struct Overdue: Error, CustomStringConvertible {
    package let description: String
}

/// Cancels the body and fails when it takes longer than the limit, by the wall clock.
package func withDeadline(_ limit: Duration, _ body: @escaping @Sendable () async throws -> Void) async throws {
    try await withThrowingTaskGroup(of: Void.self) { group in
        group.addTask { try await body() }
        group.addTask {
            try await Task.sleep(for: limit)
            throw Overdue(description: "The test did not end within \(limit).")
        }
        defer { group.cancelAll() }
        try await group.next()
    }
}
