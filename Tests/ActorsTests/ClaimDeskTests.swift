import Domain
import Store
import Synchronization
import TestSupport
import Testing

@testable import Actors

@Suite struct ClaimDeskTests {
    private let time = ManualTime()

    /// A desk, and the names of the providers in each of its transactions.
    private final class Transactions: Sendable {
        private let seen = Mutex<[[String]]>([])
        var all: [[String]] { seen.withLock { $0.map { $0.sorted() } } }

        func desk(_ time: ManualTime, failing: Bool = false) -> ClaimDesk {
            ClaimDesk(
                time: time.source,
                claim: { requests, _ in
                    self.seen.withLock { $0.append(requests.map(\.provider)) }
                    if failing && self.all.count == 1 { throw ClaimDeskTests.Refused() }
                    return requests.map { _ in .contended }
                }, lostClaims: { look, _ in look.inFlight.isEmpty ? [] : [.sms, .voice] })
        }
    }

    private struct Refused: Error {}

    private func claim(_ worker: String, at desk: ClaimDesk) async throws -> ClaimResult {
        try await desk.claim(
            ClaimRequest(channels: [.sms], provider: worker, limit: 1), for: worker,
            under: Lease(.dispatch, holder: "one", epoch: 1))
    }

    @Test func `workers that the same commit woke claim in one transaction`() async throws {
        let transactions = Transactions()
        let desk = transactions.desk(time)
        for name in ["email", "sms", "voice"] { desk.expect(name) { true } }
        desk.expect("asleep") { false }
        async let first = claim("sms", at: desk)
        async let second = claim("email", at: desk)
        async let third = claim("voice", at: desk)
        _ = try await (first, second, third)
        #expect(transactions.all == [["email", "sms", "voice"]])
    }

    @Test func `nobody waits for a worker that does not claim`() async throws {
        let transactions = Transactions()
        let desk = transactions.desk(time)
        for name in ["email", "sms"] { desk.expect(name) { true } }
        desk.forget("email")
        _ = try await claim("sms", at: desk)
        _ = try await claim("sms", at: desk)
        #expect(transactions.all == [["sms"], ["sms"]])
    }

    @Test func `a worker that stays away is waited for once, for a moment`() async throws {
        let transactions = Transactions()
        let desk = transactions.desk(time)
        for name in ["stuck", "sms"] { desk.expect(name) { true } }
        async let claimed = claim("sms", at: desk)
        while time.sleepers.isEmpty { await Task.yield() }
        #expect(transactions.all == [])
        time.advance(by: .milliseconds(1))
        _ = try await claimed
        _ = try await claim("sms", at: desk)
        #expect(transactions.all == [["sms"], ["sms"]])
    }

    @Test func `a failure reaches all that claimed together, and the next claim works`() async throws {
        let transactions = Transactions()
        let desk = transactions.desk(time, failing: true)
        for name in ["email", "sms"] { desk.expect(name) { true } }
        let results = await withTaskGroup(of: Bool.self) { group in
            for name in ["email", "sms"] {
                group.addTask { await #expect(throws: Refused.self) { try await claim(name, at: desk) } != nil }
            }
            return await group.reduce(into: [Bool]()) { $0.append($1) }
        }
        #expect(results == [true, true])
        _ = try await claim("sms", at: desk)
        #expect(transactions.all == [["email", "sms"], ["sms"]])
    }

    @Test func `a look for lost claims counts for the channels that have some`() async throws {
        let (desk, lease) = (Transactions().desk(time), Lease(.dispatch, holder: "one", epoch: 1))
        let look = LostClaimLook(inFlight: ["a"], now: time.now)
        #expect(try await desk.hasLostClaims(on: [.whatsapp, .sms], look, under: lease))
        #expect(try await !desk.hasLostClaims(on: [.email], look, under: lease))
        let nothing = LostClaimLook(inFlight: [], now: time.now)
        #expect(try await !desk.hasLostClaims(on: [.sms], nothing, under: lease))
    }

    @Test func `a look that workers share spares what each has in hand and what was claimed since the first`() {
        let look = LostClaimLook(inFlight: ["a"], now: time.now)
        let later = LostClaimLook(inFlight: ["b"], now: time.now + .milliseconds(5))
        let shared = LostClaimLook(inFlight: ["a", "b"], now: time.now)
        #expect(look.joined(with: later) == shared && later.joined(with: look) == shared)
    }
}
