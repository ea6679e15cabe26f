import Actors
import Database
import Domain
import Logging
import Providers
import Store
import Synchronization
import TestSupport
import Testing
import Transport

@testable import App

/// How a process renews leases and gives up duties, with a manual clock.
@Suite struct SupervisorTests {
    private static let lease: Duration = .seconds(5)

    /// A running supervisor.
    private struct Bench: Sendable {
        let assembly: Assembly
        let time: ManualTime
        let faults = Faults()

        init(_ kind: TestDatabase) async throws {
            let time = ManualTime()
            let faults = faults
            let database = ProbedDatabase(try await kind.open()) { _, text throws(DatabaseError) in
                try faults.check(text)
            }
            var settings = Settings()
            settings.leaseDuration = SupervisorTests.lease
            assembly = Assembly(
                settings: settings, database: database, secrets: SecretKeys(Secret("test")),
                providers: [OutboxProvider(channels: Set(Channel.allCases), time: time.source)], time: time.source,
                leaseClock: .manual { time.now }, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
            self.time = time
            _ = try await assembly.store.migrate(at: time.now)
        }

        func run(_ body: @escaping @Sendable () async throws -> Void) async throws {
            try await withThrowingTaskGroup(of: Void.self) { group in
                group.addTask { try await assembly.engine.supervisor.run() }
                try await body()
                group.cancelAll()
                try await group.waitForAll()
            }
        }

        func expiry(_ duty: Lease.Duty = .dispatch) async throws -> Timestamp? {
            try await assembly.store.leaseStatuses()[duty].map(\.expiresAt)
        }

    }

    @Test func `a lease that could not be renewed is renewed again a quarter of a second later`() async throws {
        let bench = try await Bench(.sqliteMemory)
        try await bench.run {
            let start = bench.time.now
            for duty in Lease.Duty.allCases {
                try await Patience.wait(for: "both duties are taken") {
                    try await bench.expiry(duty) == start + SupervisorTests.lease
                }
            }
            try await Patience.wait(for: "both renewals wait") {
                bench.time.sleepers.filter { $0 == .seconds(2) }.count == 2
            }
            bench.faults.fail("UPDATE leases SET expires_at", times: 1)
            bench.time.advance(by: .seconds(2))
            // Both share a statement.
            try await Patience.wait(for: "the renewal failed") { bench.faults.count == 1 }
            let next: Duration = .milliseconds(2_250)
            try await Patience.wait(for: "both wait for a quarter of a second") {
                bench.time.sleepers.filter { $0 == next }.count == 2
            }
            bench.time.advance(by: .milliseconds(250))
            for duty in Lease.Duty.allCases {
                try await Patience.wait(for: "the lease is renewed") {
                    try await bench.expiry(duty) == start + next + SupervisorTests.lease
                }
            }
        }
    }

    @Test func `leases that can't be renewed together are renewed each by itself`() async throws {
        let bench = try await Bench(.sqliteMemory)
        // The place of the second lease's epoch in the statement for both.
        bench.faults.fail("epoch = $8")
        try await bench.run {
            let start = bench.time.now
            var renewal: Duration = .zero
            for _ in 0..<4 {
                for duty in Lease.Duty.allCases {
                    try await Patience.wait(for: "the lease is taken or renewed") {
                        try await bench.expiry(duty) == start + renewal + SupervisorTests.lease
                    }
                }
                for pause in [Duration.seconds(2), .milliseconds(250)] {
                    renewal += pause
                    try await Patience.wait(for: "both wait") {
                        bench.time.sleepers.filter { $0 == renewal }.count >= 2
                    }
                    bench.time.advance(by: pause)
                }
            }
            #expect(bench.faults.count >= 3)
        }
    }

    @Test func `a part that keeps failing gives up its duty, reports it, and keeps the other duty`() async throws {
        let bench = try await Bench(.sqliteMemory)
        let health = bench.assembly.services.dutyHealth
        bench.faults.fail("next_escalation_at <=")
        try await bench.run {
            let start = bench.time.now
            try await Patience.wait(for: "escalation is taken") {
                try await bench.expiry(.escalation) == start + SupervisorTests.lease
            }
            for step in 1...30 where health.current.isEmpty {
                let renewal: Duration = .seconds(2 * step)
                try await Patience.wait(for: "both renewals wait again") {
                    bench.time.sleepers.filter { $0 == renewal }.count >= 2
                }
                bench.time.advance(by: .seconds(2))
                let expected = bench.time.now + SupervisorTests.lease
                try await Patience.wait(for: "the leases are renewed or given up") {
                    let isRenewed = try await bench.expiry(.escalation) == expected
                    return try await bench.expiry(.dispatch) == expected && (isRenewed || !health.current.isEmpty)
                }
            }
            #expect(health.current.map(\.duty) == [.escalation])
            #expect(health.current.first?.part == "escalation clock")
            #expect(bench.time.now - start >= Supervisor.patience)
            try await Patience.wait(for: "escalation is released") {
                try await bench.expiry(.escalation) == Timestamp(microseconds: 0)
            }
        }
    }
}
