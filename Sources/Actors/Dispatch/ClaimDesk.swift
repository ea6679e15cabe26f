internal import Domain
internal import Store
internal import Synchronization

/// Where the workers of a dispatcher claim, and look for lost claims. Workers that the same commit woke claim in one
/// transaction, because each commit waits for the disk. Those that look in the same moment share a statement.
struct ClaimDesk: Sendable {
    /// How long a claim waits for other workers that are on their way.
    private static let patience: Duration = .milliseconds(1)

    /// Claims in one transaction, and returns a result for each request.
    typealias Claim = @Sendable ([ClaimRequest], Lease) async throws -> [ClaimResult]

    private struct Input: Sendable {
        let request: ClaimRequest
        let lease: Lease
    }

    /// Returns the channels that have lost claims. See `Store.channelsOfLostClaims`.
    typealias LostClaims = @Sendable (LostClaimLook, Lease) async throws -> Set<Channel>

    private let coming = ComingWorkers()
    private let batcher: Batcher<Input, Result<ClaimResult, any Error>>
    private let looks: Batcher<(LostClaimLook, Lease), Result<Set<Channel>, any Error>>

    init(time: TimeSource, claim: @escaping Claim, lostClaims: @escaping LostClaims) {
        batcher = Batcher(
            limit: .max,
            gather: { [coming] in await coming.wait(until: time.monotonic() + ClaimDesk.patience, time) }
        ) { inputs in
            // A dispatcher's workers run under the same lease.
            do { return try await claim(inputs.map(\.request), inputs[0].lease).map { .success($0) } } catch {
                return inputs.map { _ in .failure(error) }
            }
        }
        looks = Batcher(limit: .max) { looks in
            let result: Result<Set<Channel>, any Error>
            do {
                let (first, lease) = looks[0]
                let shared = looks.dropFirst().reduce(first) { $0.joined(with: $1.0) }
                result = .success(try await lostClaims(shared, lease))
            } catch {
                result = .failure(error)
            }
            return looks.map { _ in result }
        }
    }

    /// Notes that a worker is woken by what `wake` does, and will claim at once.
    ///
    /// - Parameter wake: returns whether it woke the worker.
    func expect(_ worker: String, _ wake: () -> Bool) {
        coming.add(worker)
        if !wake() { forget(worker) }
    }

    /// Notes that a worker that was woken does not claim for now.
    func forget(_ worker: String) { coming.remove(worker) }

    /// Claims what is due for a worker, together with others that come at the same time.
    ///
    /// - Throws: what the transaction threw. It is then the same for all that it claimed for.
    func claim(_ request: ClaimRequest, for worker: String, under lease: Lease) async throws -> ClaimResult {
        try await batcher.submit(Input(request: request, lease: lease)) { forget(worker) }.get()
    }

    /// Whether one of these channels has claimed pages that no attempt of this process has in hand.
    func hasLostClaims(on channels: [Channel], _ look: LostClaimLook, under lease: Lease) async throws -> Bool {
        try await !looks.submit((look, lease)).get().isDisjoint(with: channels)
    }
}

/// A look for claimed pages that no attempt has in hand.
struct LostClaimLook: Sendable, Equatable {
    /// The messages that attempts have in hand.
    var inFlight: Set<String>
    /// When `inFlight` was read. A claim that is newer is not lost.
    var now: Timestamp

    /// A look for the workers of both.
    func joined(with other: LostClaimLook) -> LostClaimLook {
        LostClaimLook(inFlight: inFlight.union(other.inFlight), now: min(now, other.now))
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
