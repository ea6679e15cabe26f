/// Limits concurrency, so that tests that start a whole application do not starve the others.
package actor ConcurrencyLimit {
    /// Applications that run at the same time. A nested one does not wait, which prevents a deadlock.
    package static let applications = ConcurrencyLimit(places: 4)

    @TaskLocal private static var isInside = false

    private var places: Int
    private var waiting: [CheckedContinuation<Void, Never>] = []

    package init(places: Int) { self.places = places }

    package nonisolated func pass(_ body: () async throws -> Void) async throws {
        guard !ConcurrencyLimit.isInside else { return try await body() }
        await enter()
        do {
            try await ConcurrencyLimit.$isInside.withValue(true) { try await body() }
        } catch {
            await leave()
            throw error
        }
        await leave()
    }

    private func enter() async {
        guard places == 0 else { return places -= 1 }
        await withCheckedContinuation { waiting.append($0) }
    }

    private func leave() {
        if waiting.isEmpty { places += 1 } else { waiting.removeFirst().resume() }
    }
}
