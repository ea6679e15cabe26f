import Domain
import Store
import Synchronization
import TestSupport
import Testing

@testable import Actors

@Suite struct IdleWorkersTests {
    private let time = ManualTime()
    private let workers = IdleWorkers()
    private let wakes = Wakes()

    private func held(_ epoch: Int64 = 1) -> HeldLease {
        HeldLease(
            Lease(.dispatch, holder: "one", epoch: epoch),
            LeaseTerm(asked: time.source.monotonic(), length: .seconds(5), patience: .seconds(60)), time: time.source)
    }

    private func worker(_ channels: Channel..., permits: Int? = 16) -> IdleWorker {
        let worker = IdleWorker(
            channels: channels,
            request: { permits.map { ClaimRequest(channels: channels, provider: "\(channels[0])", limit: $0) } },
            release: { [wakes] permits in wakes.released.withLock { $0 += permits } }
        ) { [wakes] next in
            wakes.count.withLock { $0 += next == nil ? 1 : 0 }
            wakes.next.withLock { $0 = next }
        }
        workers.add(worker)
        return worker
    }

    private func due(_ channels: Channel...) -> PagesDue? { PagesDue(channels.map { ($0, time.now) }) }

    @Test func `a commit borrows those that sleep and have a page due now`() async throws {
        let (mail, sms, voice) = (worker(.email), worker(.sms), worker(.voice))
        mail.sleep(under: held())
        sms.sleep(under: held())
        let loan = try #require(await workers.borrow(for: due(.email, .voice), at: time.now))
        #expect(loan.order.requests.map(\.provider) == ["email"])
        #expect([mail.isLent, sms.isLent, voice.isLent] == [true, false, false])
        #expect(await workers.borrow(for: due(.sms), at: time.now - .seconds(1)) == nil)
        #expect(await workers.borrow(for: nil, at: time.now) == nil)
        #expect(await workers.borrow(for: due(.email), at: time.now) == nil, "it is lent already")
    }

    @Test func `a worker that wakes meanwhile waits for what is claimed for it`() async throws {
        let mail = worker(.email)
        mail.sleep(under: held())
        let loan = try #require(await workers.borrow(for: due(.email), at: time.now))
        async let served = mail.rise()
        while !mail.isAwaited { await Task.yield() }
        await loan.settle(.success([.contended]))
        guard case .success(.contended) = await served?.result else { throw Refused() }
        #expect(await mail.rise() == nil)
        #expect(wakes.count.withLock { $0 } == 0, "it is awake")
    }

    @Test func `a worker that sleeps on is woken, and finds what was claimed for it`() async throws {
        let mail = worker(.email, permits: 3)
        mail.sleep(under: held())
        let loan = try #require(await workers.borrow(for: due(.email), at: time.now))
        await loan.settle(.failure(Refused()))
        #expect(wakes.count.withLock { $0 } == 1)
        #expect(await workers.borrow(for: due(.email), at: time.now) == nil, "it has not woken yet")
        let served = try #require(await mail.rise())
        #expect(served.permits == 3)
        #expect(throws: Refused.self) { try served.result?.get() }
    }

    @Test func `the permits come back when the commit claimed nothing`() async throws {
        let mail = worker(.email, permits: 3)
        mail.sleep(under: held())
        await (try #require(await workers.borrow(for: due(.email), at: time.now))).settle(nil)
        let served = try #require(await mail.rise())
        #expect(served.permits == 3 && served.result == nil)
    }

    @Test func `a worker for which nothing was due sleeps on, and may be borrowed again`() async throws {
        let mail = worker(.email, permits: 3)
        mail.sleep(under: held())
        let next = time.now + .seconds(30)
        await (try #require(await workers.borrow(for: due(.email), at: time.now))).settle(
            .success([.nothing(next: next)]))
        #expect(wakes.count.withLock { $0 } == 0 && wakes.next.withLock { $0 } == next)
        #expect(wakes.released.withLock { $0 } == 3)
        #expect(mail.isAsleep)
        #expect(await workers.borrow(for: due(.email), at: time.now) != nil)
    }

    @Test func `a worker that missed pages of others looks for them, also when nothing was due for it`() async throws {
        let mail = worker(.email, permits: 3)
        mail.sleep(under: held())
        #expect(!mail.missed(), "it sleeps, so it is woken")
        let loan = try #require(await workers.borrow(for: due(.email), at: time.now))
        #expect(mail.missed())
        await loan.settle(.success([.nothing(next: nil)]))
        #expect(wakes.count.withLock { $0 } == 1)
        #expect(await mail.rise() == nil, "it claims by itself")
        #expect(wakes.released.withLock { $0 } == 3)
    }

    @Test func `a worker that woke while nothing was due for it looks by itself`() async throws {
        let mail = worker(.email)
        mail.sleep(under: held())
        let loan = try #require(await workers.borrow(for: due(.email), at: time.now))
        async let served = mail.rise()
        while !mail.isAwaited { await Task.yield() }
        await loan.settle(.success([.nothing(next: nil)]))
        #expect(await served == nil)
        #expect(!mail.isAsleep)
    }

    @Test func `a commit claims only for the channels of its pages that are due`() async throws {
        let gateway = worker(.sms, .voice, .whatsapp)
        gateway.sleep(under: held())
        let due = PagesDue([(.voice, time.now), (.sms, time.now + .seconds(5))])
        let loan = try #require(await workers.borrow(for: due, at: time.now))
        #expect(loan.order.requests.map(\.channels) == [[.voice]])
        #expect(loan.channels == [.voice])
    }

    @Test func `a worker without a permit is woken to wait for one`() async {
        let mail = worker(.email, permits: nil)
        mail.sleep(under: held())
        #expect(await workers.borrow(for: due(.email), at: time.now) == nil)
        #expect(wakes.count.withLock { $0 } == 1)
        #expect(await mail.rise() == nil)
    }

    @Test func `an ended lease claims nothing, and two leases never share a claim`() async throws {
        let (mail, sms, voice) = (worker(.email), worker(.sms), worker(.voice))
        let ended = held()
        ended.end()
        mail.sleep(under: ended)
        sms.sleep(under: held())
        voice.sleep(under: held(2))
        let loan = try #require(await workers.borrow(for: due(.email, .sms, .voice), at: time.now))
        #expect(loan.order.requests.map(\.provider) == ["sms"])
        #expect(loan.order.lease.epoch == 1)
        #expect(wakes.count.withLock { $0 } == 2)
    }

    @Test func `a worker that is awake is not borrowed`() async {
        let mail = worker(.email)
        mail.sleep(under: held())
        #expect(await mail.rise() == nil)
        #expect(await workers.borrow(for: due(.email), at: time.now) == nil)
    }

    private struct Refused: Error {}

    private final class Wakes: Sendable {
        let count = Mutex(0)
        let next = Mutex<Timestamp?>(nil)
        let released = Mutex(0)
    }
}
