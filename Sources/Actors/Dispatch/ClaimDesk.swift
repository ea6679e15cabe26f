internal import Domain
internal import Store
internal import Synchronization

/// Where the workers of a dispatcher claim. Workers that the same commit woke claim in one transaction, because each
/// commit waits for the disk.
actor ClaimDesk {
    /// How long a claim waits for other workers that are on their way.
    private static let patience: Duration = .milliseconds(1)

    private enum Turn: Sendable { case result(Result<ClaimResult, any Error>), lead }
    private struct Waiting {
        let request: ClaimRequest
        let continuation: CheckedContinuation<Turn, Never>
    }

    /// Claims in one transaction, and returns a result for each request.
    typealias Claim = @Sendable ([ClaimRequest], Lease) async throws -> [ClaimResult]

    private let claim: Claim
    private let time: TimeSource
    private nonisolated let coming = ComingWorkers()
    private var line = BatchLine<Waiting>()

    init(time: TimeSource, claim: @escaping Claim) {
        self.time = time
        self.claim = claim
    }

    /// Notes that a worker is woken by what `wake` does, and will claim at once.
    ///
    /// - Parameter wake: returns whether it woke the worker.
    nonisolated func expect(_ worker: String, _ wake: () -> Bool) {
        coming.add(worker)
        if !wake() { forget(worker) }
    }

    /// Notes that a worker that was woken does not claim for now.
    nonisolated func forget(_ worker: String) { coming.remove(worker) }

    /// Claims what is due for a worker, together with others that come at the same time.
    ///
    /// - Throws: what the transaction threw. It is then the same for all that it claimed for.
    func claim(_ request: ClaimRequest, for worker: String, under lease: Lease) async throws -> ClaimResult {
        forget(worker)
        if !line.lead() {
            let turn = await withCheckedContinuation { line.join(Waiting(request: request, continuation: $0)) }
            if case .result(let result) = turn { return try result.get() }
        }
        await coming.wait(until: time.monotonic() + ClaimDesk.patience, time)
        let followers = line.followers(atMost: .max)
        let result = await together([request] + followers.map(\.request), under: lease)
        for (index, follower) in followers.enumerated() {
            follower.continuation.resume(returning: .result(result.map { $0[index + 1] }))
        }
        line.pass()?.continuation.resume(returning: .lead)
        return try result.get()[0]
    }

    private func together(_ requests: [ClaimRequest], under lease: Lease) async -> Result<[ClaimResult], any Error> {
        do { return .success(try await claim(requests, lease)) } catch { return .failure(error) }
    }
}

/// The workers that were woken and have not claimed yet.
private final class ComingWorkers: Sendable {
    private let names = Mutex(Set<String>())
    private let allCame = WakeUp()

    func add(_ name: String) { names.withLock { _ = $0.insert(name) } }

    func remove(_ name: String) {
        let isLast = names.withLock { $0.remove(name) != nil && $0.isEmpty }
        if isLast { allCame.signal() }
    }

    /// Returns when all came, or at the deadline. Who has not come by then is not waited for again.
    func wait(until deadline: Duration, _ time: TimeSource) async {
        while names.withLock({ !$0.isEmpty }), time.monotonic() < deadline, !Task.isCancelled {
            await allCame.wait(until: deadline, time)
        }
        names.withLock { $0 = [] }
    }
}
