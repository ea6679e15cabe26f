import ArgumentParser
import Foundation
import Simulation

/// Runs simulations of the whole application: `scripts/simulate`.
@main struct SimulateCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "simulate", abstract: "Runs the application in simulations, one for each seed.")

    @Option(help: "The number of seeds.") var seeds = 1000
    @Option(help: "The first seed.") var from: UInt64 = 1
    @Option(help: "Runs one seed, and prints its history.") var seed: UInt64?
    @Option(help: "Leaves these steps of the plan out, as in 0,3,4.") var without = ""
    @Option(help: "The number of steps after which a plan ends.") var steps: Int?
    @Flag(help: "Nothing fails.") var calm = false
    @Option(help: "Plants an error in the statements, which must be found.") var plant: PlantedFault?
    @Flag(help: "Plants each error in turn and prints how many seeds it took to find it.") var plants = false
    @Flag(help: "Runs each seed twice and compares the histories.") var twice = false
    @Option(help: "Ends after this many seconds.") var seconds: Int?
    @Option(help: "The number of failing seeds after which it ends.") var failures = 1
    @Option(help: "The number of threads.") var jobs = ProcessInfo.processInfo.activeProcessorCount

    func run() throws {
        if plants { return try runPlants() }
        if let seed { return try show(plan(seed)) }
        let started = ContinuousClock.now
        let range = range(planted: plant, failures: failures)
        try range.run(threads: jobs)
        for failure in range.failures { report(failure) }
        print("\(range.summary); \(((ContinuousClock.now - started) / .seconds(1)).rounded()) s")
        if !range.failures.isEmpty { throw ExitCode(1) }
    }

    private func range(planted: PlantedFault?, failures: Int) -> SeedRange {
        let command = self
        return SeedRange(
            from: from, count: seeds, deadline: seconds.map { ContinuousClock.now + .seconds($0) },
            failureLimit: failures, planted: planted, isTwice: twice, plan: { command.plan($0) })
    }

    private func plan(_ seed: UInt64) -> Plan {
        var plan = Plan(seed: seed, faults: !calm)
        if let steps { plan = plan.without(Set(plan.numbers.filter { $0 >= steps })) }
        return plan.without(Set(without.split(separator: ",").compactMap { Int($0) }))
    }

    /// Prints the whole history of a seed.
    private func show(_ plan: Plan) throws {
        let outcome = try Simulation().run(plan, planted: plant, keepsLog: true)
        for line in outcome.log { print(line) }
        for line in plan.lines { print(line) }
        print("history \(String(outcome.hash, radix: 16)), \(outcome.jobs) jobs, \(outcome.statements) statements")
        if let violation = outcome.violation {
            print("FAILED \(violation)")
            throw ExitCode(1)
        }
    }

    private func report(_ failure: SeedRange.Failure) {
        print("seed \(failure.seed) FAILED \(failure.violation?.description ?? "it has two histories")")
        for line in failure.plan { print("  \(line)") }
        let omitted =
            failure.omitted.isEmpty ? "" : " --without \(failure.omitted.map(String.init).joined(separator: ","))"
        print("  scripts/simulate --seed \(failure.seed)\(omitted)\(plant.map { " --plant \($0.rawValue)" } ?? "")")
    }

    private func runPlants() throws {
        print("| planted error | seeds | found as |\n| --- | --- | --- |")
        var isMissed = false
        for planted in PlantedFault.allCases {
            let range = range(planted: planted, failures: 1)
            try range.run(threads: jobs)
            if let found = range.failures.first {
                let invariant = found.violation?.invariant.rawValue ?? "?"
                print("| `\(planted.rawValue)` | \(found.seed - from + 1) | \(invariant) |")
            } else {
                isMissed = true
                print("| `\(planted.rawValue)` | more than \(seeds) | nothing |")
            }
        }
        if isMissed { throw ExitCode(1) }
    }
}

extension PlantedFault: ExpressibleByArgument {}
