import Foundation
import Simulation
import Testing

/// The application in simulated time, with faults, in orders that seeds decide. `scripts/simulate` runs many more seeds.
@Suite struct SimulationTests {
    @Test func `no promise is broken in the first seeds`() async throws {
        try await onThread {
            let simulation = try Simulation()
            for seed in UInt64(1)...100 {
                let outcome = try simulation.run(Plan(seed: seed))
                #expect(outcome.violation == nil, "scripts/simulate --seed \(seed)")
            }
        }
    }

    @Test(arguments: PlantedFault.allCases.filter { !$0.isRare })
    func `a planted error is found within 200 seeds`(_ fault: PlantedFault) async throws {
        try await onThread {
            let simulation = try Simulation()
            let finder = try (UInt64(1)...200).first {
                try simulation.run(Plan(seed: $0), planted: fault).violation != nil
            }
            #expect(finder != nil)
        }
    }

    /// The order of sets is the same in two runs only if the process was started that way, as `scripts/simulate` is.
    @Test(.enabled(if: ProcessInfo.processInfo.environment["SWIFT_DETERMINISTIC_HASHING"] != nil))
    func `a seed has one history`() async throws {
        try await onThread {
            let simulation = try Simulation()
            for seed in UInt64(1)...20 {
                #expect(try simulation.run(Plan(seed: seed)).hash == simulation.run(Plan(seed: seed)).hash)
            }
        }
    }
}

/// Simulations take over the thread on which they run.
private func onThread(_ body: @escaping @Sendable () throws -> Void) async throws {
    let result = await withCheckedContinuation { (continuation: CheckedContinuation<Result<Void, any Error>, Never>) in
        let thread = Thread { continuation.resume(returning: Result { try body() }) }
        thread.stackSize = 16 << 20
        thread.start()
    }
    try result.get()
}
