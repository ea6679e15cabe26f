import Domain
import TestSupport
import Testing

@testable import Providers

@Suite struct LimitTests {
    @Test func `a bucket allows a burst, then a steady rate`() {
        var bucket = TokenBucket(perSecond: 2, burst: 3, now: .zero)
        #expect(bucket.available(at: .zero) == 3)
        bucket.take(3)
        #expect(bucket.available(at: .zero) == 0)
        #expect(bucket.wait == .milliseconds(500))
        #expect(bucket.available(at: .milliseconds(500)) == 1)
        #expect(bucket.available(at: .seconds(60)) == 3)
        #expect(bucket.available(at: .zero) == 3)
    }

    @Test func `a breaker opens after failures in a row, probes, and closes with a success`() {
        var breaker = CircuitBreaker()
        for _ in 1..<CircuitBreaker.threshold { breaker.failed(at: .zero) }
        breaker.succeeded()
        for _ in 0..<CircuitBreaker.threshold { breaker.failed(at: .zero) }
        #expect(breaker.allowed(8, at: .seconds(4)) == 0)
        #expect(breaker.allowed(8, at: .seconds(5)) == 1)
        breaker.begin(at: .seconds(5))
        #expect(breaker.allowed(8, at: .seconds(6)) == 0)
        breaker.failed(at: .seconds(6))
        #expect(breaker.allowed(8, at: .seconds(15)) == 0)
        #expect(breaker.allowed(8, at: .seconds(16)) == 1)
        breaker.begin(at: .seconds(16))
        breaker.abandon(at: .seconds(16))
        #expect(breaker.allowed(8, at: .seconds(16)) == 1)
        breaker.begin(at: .seconds(16))
        breaker.succeeded()
        #expect(breaker.allowed(8, at: .seconds(16)) == 8)
    }

    /// A storm that lasts an hour, at the limits that providers have by default.
    @Test(arguments: [
        InfobipSettings.defaultLimits, SMTPSettings.defaultLimits, WebhookProvider.limits,
        ProviderLimits(perSecond: 0.5, burst: 3, concurrency: 8),
    ])
    func `over a simulated hour a gate lets through its rate, and in no second more than its burst and its rate`(
        limits: ProviderLimits
    ) async {
        let time = ManualTime()
        let gate = Gate(limits: limits, time: time.source)
        let (tick, ticks) = (Duration.milliseconds(50), 20 * 3_600)
        var left = [Int](repeating: 0, count: ticks)
        for place in 0..<ticks {
            while await gate.acquireNow() {
                await gate.finish(.accepted(reference: nil, note: nil), to: "ada")
                left[place] += 1
            }
            time.advance(by: tick)
        }
        let hour = limits.perSecond * 3_600
        #expect(abs(Double(left.reduce(0, +)) - hour - Double(limits.burst)) <= 1)
        var second = left.prefix(20).reduce(0, +)
        var most = second
        for place in 20..<ticks {
            second += left[place] - left[place - 20]
            most = max(most, second)
        }
        #expect(Double(most) <= Double(limits.burst) + limits.perSecond)
        // After the first burst only the rate is left.
        #expect(Double(left.dropFirst(20 * 60).prefix(20 * 60).reduce(0, +)) <= limits.perSecond * 60 + 1)
    }

    @Test func `a gate keeps to its concurrency and continues when a call ends`() async throws {
        let time = ManualTime()
        let gate = Gate(limits: ProviderLimits(perSecond: 100, burst: 100, concurrency: 2), time: time.source)
        #expect(try await gate.acquire(upTo: 5) == 2)
        async let next = gate.acquire(upTo: 5)
        await gate.finish(.accepted(reference: nil, note: nil), to: "ada")
        #expect(try await next == 1)
        #expect(await gate.health.accepted == 1)
    }

    @Test func `a gate waits as long as the provider asks for`() async throws {
        let time = ManualTime()
        let gate = Gate(limits: ProviderLimits(perSecond: 100, burst: 100, concurrency: 2), time: time.source)
        _ = try await gate.acquire(upTo: 1)
        await gate.finish(.temporary(Fault(.transient, "slow down"), retryAfter: .seconds(30)), to: "ada")
        async let next = gate.acquire(upTo: 1)
        time.advance(by: .seconds(30))
        #expect(try await next == 1)
        #expect(await gate.health.lastFault == "slow down")
    }

    @Test func `one address that fails neither opens the breaker nor pauses the others`() async throws {
        let time = ManualTime()
        let gate = Gate(limits: ProviderLimits(perSecond: 100, burst: 100, concurrency: 100), time: time.source)
        let fault = Fault(.transient, "The webhook answered 503.", scope: .destination)
        for _ in 0..<CircuitBreaker.threshold {
            #expect(await gate.admit("dead") == nil)
            _ = try await gate.acquire(upTo: 1)
            await gate.finish(.temporary(fault, retryAfter: nil), to: "dead")
        }
        #expect(await gate.admit("dead") == CircuitBreaker.firstPause)
        #expect(await gate.admit("well") == nil)
        #expect(try await gate.acquire(upTo: 8) == 8)
        time.advance(by: CircuitBreaker.firstPause)
        #expect(await gate.admit("dead") == nil)
        #expect(await gate.admit("dead") != nil, "one message at a time tries it again")
        await gate.finish(.accepted(reference: nil, note: nil), to: "dead")
        #expect(await gate.admit("dead") == nil)
    }

    @Test func `an address that asks for a pause gets it alone`() async throws {
        let time = ManualTime()
        let gate = Gate(limits: ProviderLimits(perSecond: 100, burst: 100, concurrency: 100), time: time.source)
        _ = try await gate.acquire(upTo: 1)
        await gate.finish(.temporary(Fault(.recipient, "greylisted"), retryAfter: .seconds(60)), to: "grey")
        #expect(await gate.admit("grey") == .seconds(60))
        #expect(await gate.admit("other") == nil)
        #expect(try await gate.acquire(upTo: 1) == 1)
    }

    @Test func `failures of the provider open its breaker, unless all are one address's`() {
        var breaker = CircuitBreaker()
        for _ in 0..<20 { breaker.failed(at: .zero, by: "poison") }
        #expect(breaker.allowed(8, at: .zero) == 8)
        breaker.failed(at: .zero, by: "other")
        #expect(breaker.allowed(8, at: .zero) == 0)
    }

    @Test func `a page dropped before it reaches the provider says nothing about the provider`() async throws {
        let time = ManualTime()
        let gate = Gate(limits: ProviderLimits(perSecond: 100, burst: 100, concurrency: 100), time: time.source)
        let down = Receipt.temporary(Fault(.transient, "It answered 503."), retryAfter: nil)
        for number in 0..<CircuitBreaker.threshold {
            _ = try await gate.acquire(upTo: 2)
            await gate.release(1)
            await gate.finish(down, to: "\(number)")
        }
        let health = await gate.health
        #expect(health.state == .failing)
        #expect(health.running == 0 && health.accepted == 0 && health.failed == CircuitBreaker.threshold)
    }

    private static let wide = ProviderLimits(perSecond: 100, burst: 100, concurrency: 8)

    /// Begins this many hand-overs, each to an address of its own.
    private func begin(_ count: Int, at gate: Gate) async throws {
        for number in 0..<count {
            _ = try await gate.acquire(upTo: 1)
            #expect(await gate.admit("\(number)") == nil)
        }
    }

    @Test func `answers that are overdue open the breaker before their attempts end, and one that comes closes it`()
        async throws
    {
        let time = ManualTime()
        let gate = Gate(limits: Self.wide, time: time.source)
        try await begin(CircuitBreaker.threshold, at: gate)
        time.advance(by: .milliseconds(4_999))
        #expect(await gate.health.state == .ok)
        time.advance(by: .milliseconds(1))
        #expect(await gate.health.state == .failing)
        #expect(await !gate.acquireNow())
        await gate.finish(.accepted(reference: nil, note: nil), to: "3")
        #expect(await gate.health.state == .ok)
        #expect(await gate.acquireNow())
    }

    @Test func `an overdue answer counts once, also when its attempt fails in the end`() async throws {
        let time = ManualTime()
        let gate = Gate(limits: Self.wide, time: time.source)
        try await begin(CircuitBreaker.threshold - 1, at: gate)
        time.advance(by: .seconds(15))
        for number in 0..<CircuitBreaker.threshold - 1 {
            await gate.finish(.unknown(Fault(.transient, "It timed out.")), to: "\(number)")
        }
        #expect(await gate.health.state == .degraded)
        try await begin(1, at: gate)
        await gate.finish(.unknown(Fault(.transient, "It timed out.")), to: "0")
        #expect(await gate.health.state == .failing)
    }

    @Test func `a server of one address that does not answer says nothing about the others`() async throws {
        let time = ManualTime()
        let gate = Gate(limits: Self.wide, time: time.source, isOneServer: false)
        try await begin(CircuitBreaker.threshold, at: gate)
        time.advance(by: .minutes(1))
        #expect(await gate.health.state == .ok)
        #expect(await gate.acquireNow())
    }

    /// What is known of a provider when a page with a patience of five seconds becomes due.
    enum Trouble: String, CaseIterable {
        case none, oneSlowAnswer, someWithoutAnswer, breaker, probe, shortPause, longPause, allWithoutAnswer, allBusy
    }

    @Test(
        arguments: [
            (.none, false), (.oneSlowAnswer, false), (.someWithoutAnswer, true), (.breaker, true), (.probe, true),
            (.shortPause, false), (.longPause, true), (.allWithoutAnswer, true), (.allBusy, false),
        ] as [(Trouble, Bool)])
    func `a provider holds pages up while it is known to keep them waiting`(trouble: Trouble, isHeldUp: Bool)
        async throws
    {
        let time = ManualTime()
        // A mail server has fewer connections than the breaker needs failures.
        let few = ProviderLimits(perSecond: 100, burst: 100, concurrency: 4)
        let gate = Gate(limits: [.allWithoutAnswer, .allBusy].contains(trouble) ? few : Self.wide, time: time.source)
        let down = Receipt.temporary(Fault(.transient, "down"), retryAfter: nil)
        func pause(_ seconds: Int) async throws {
            try await begin(1, at: gate)
            await gate.finish(.temporary(Fault(.transient, "down"), retryAfter: .seconds(seconds)), to: "0")
        }
        switch trouble {
        case .none: break
        case .oneSlowAnswer:
            try await begin(1, at: gate)
            time.advance(by: .seconds(9))
        case .someWithoutAnswer:
            try await begin(CircuitBreaker.threshold, at: gate)
            time.advance(by: .seconds(5))
        case .breaker, .probe:
            try await begin(CircuitBreaker.threshold, at: gate)
            for number in 0..<CircuitBreaker.threshold { await gate.finish(down, to: "\(number)") }
            if trouble == .probe {
                time.advance(by: CircuitBreaker.firstPause)
                #expect(await gate.acquireNow())
            }
        case .shortPause: try await pause(4)
        case .longPause: try await pause(5)
        case .allWithoutAnswer:
            try await begin(4, at: gate)
            time.advance(by: .seconds(5))
        case .allBusy:
            try await begin(4, at: gate)
            time.advance(by: .seconds(4))
        }
        #expect(await gate.isHeldUp(for: .seconds(5)) == isHeldUp)
    }

    @Test func `addresses that fail are forgotten beyond a limit, the oldest first`() {
        var destinations = Destinations()
        for number in 0...Destinations.limit {
            for _ in 0..<CircuitBreaker.threshold {
                destinations.failed("\(number)", retryAfter: nil, at: .seconds(number))
            }
        }
        #expect(destinations.count <= Destinations.limit)
        #expect(destinations.admit("0", at: .zero) == nil)
        #expect(destinations.admit("\(Destinations.limit)", at: .zero) != nil)
    }

    @Test func `cancelling a caller that waits at a gate ends the wait`() async throws {
        let time = ManualTime()
        let gate = Gate(limits: ProviderLimits(perSecond: 1, burst: 1, concurrency: 1), time: time.source)
        _ = try await gate.acquire(upTo: 1)
        let waiting = Task { try await gate.acquire(upTo: 1) }
        waiting.cancel()
        await #expect(throws: CancellationError.self) { try await waiting.value }
    }
}

@Suite struct AddressGuardTests {
    @Test(arguments: [
        ("127.0.0.1", false), ("10.1.2.3", false), ("172.16.0.1", false), ("172.32.0.1", true), ("192.168.1.1", false),
        ("169.254.169.254", false), ("100.64.0.1", false), ("100.128.0.1", true), ("0.0.0.0", false),
        ("224.0.0.1", false),
        ("255.255.255.255", false), ("8.8.8.8", true), ("198.18.0.1", false), ("192.0.2.1", false),
    ])
    func `private addresses are recognised`(text: String, isPublic: Bool) {
        let bytes = text.split(separator: ".").compactMap { UInt8($0) }
        #expect(AddressGuard.isPublic(v4: bytes) == isPublic)
        let mapped = [UInt8](repeating: 0, count: 10) + [0xff, 0xff] + bytes
        #expect(AddressGuard.isPublic(v6: mapped) == isPublic)
        let translated: [UInt8] = [0, 0x64, 0xff, 0x9b, 0, 0, 0, 0, 0, 0, 0, 0] + bytes
        #expect(AddressGuard.isPublic(v6: translated) == isPublic)
    }

    @Test(arguments: [
        ([0, 0, 0, 0, 0, 0, 0, 1], false), ([0xfe80, 0, 0, 0, 0, 0, 0, 1], false),
        ([0xfc00, 0, 0, 0, 0, 0, 0, 1], false),
        ([0xff02, 0, 0, 0, 0, 0, 0, 1], false), ([0x2001, 0xdb8, 0, 0, 0, 0, 0, 1], false),
        ([0x2002, 0x7f00, 1, 0, 0, 0, 0, 1], false), ([0x2a00, 0x1450, 0x4001, 0, 0, 0, 0, 0x200e], true),
    ])
    func `private IPv6 addresses are recognised`(groups: [UInt16], isPublic: Bool) {
        #expect(AddressGuard.isPublic(v6: groups.flatMap { [UInt8($0 >> 8), UInt8($0 & 0xff)] }) == isPublic)
    }
}
