import ArgumentParser
import Domain
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
    @Option(help: "Plants an error in the statements, which must be found.") var plant: String?
    @Flag(help: "Plants each error in turn and prints how many seeds found it.") var plants = false
    @Flag(help: "Runs each seed twice and compares the histories.") var twice = false
    @Option(help: "Ends after this many seconds.") var seconds: Double?
    @Option(help: "The number of failing seeds after which it ends.") var failures = 1

    func run() throws {
        let simulation = try Simulation()
        if plants { return try runPlants(simulation) }
        let planted = plant.flatMap { PlantedFault(rawValue: $0) }
        if let seed { return try show(plan(seed), planted, simulation) }
        try runSeeds(simulation, planted)
    }

    private func plan(_ seed: UInt64) -> Plan {
        var plan = Plan(seed: seed, faults: !calm)
        if let steps { plan = plan.without(Set(plan.steps.map(\.number).filter { $0 >= steps })) }
        return plan.without(Set(without.split(separator: ",").compactMap { Int($0) }))
    }

    private func show(_ plan: Plan, _ planted: PlantedFault?, _ simulation: Simulation) throws {
        let outcome = try simulation.run(plan, planted: planted, keepsLog: true)
        for line in outcome.log { print(line) }
        print("hosts \(plan.hosts), lease \(plan.lease), bundling \(plan.bundlingWindow)")
        for step in plan.steps { print("step \(step)") }
        print("history \(String(outcome.hash, radix: 16)), \(outcome.jobs) jobs, \(outcome.statements) statements")
        if let violation = outcome.violation {
            print("FAILED \(violation)")
            throw ExitCode(1)
        }
    }

    private func runSeeds(_ simulation: Simulation, _ planted: PlantedFault?) throws {
        let started = ContinuousClock.now
        var total = Counts()
        var (failed, done, statements) = (0, 0, 0)
        for seed in from..<from + UInt64(seeds) {
            if let seconds, ContinuousClock.now - started > .seconds(seconds) { break }
            let outcome = try simulation.run(plan(seed), planted: planted)
            done += 1
            total += outcome.counts
            statements += outcome.statements
            if twice, try simulation.run(plan(seed), planted: planted).hash != outcome.hash {
                print("seed \(seed) has two histories")
                failed += 1
            }
            if let violation = outcome.violation {
                failed += 1
                try report(seed, violation, planted, simulation)
            }
            if failed >= failures { break }
        }
        let took = (ContinuousClock.now - started) / .seconds(1)
        print(
            "\(done) seeds in \(Int(took.rounded())) s, \(failed) failed: \(total.incidents) incidents, "
                + "\(total.accepted) alerts accepted, \(total.pages) pages, \(total.handedOver) handed over, "
                + "\(total.doubles) doubled and marked, \(total.takeOvers) take-overs, \(statements) statements")
        if failed > 0 { throw ExitCode(1) }
    }

    private func report(
        _ seed: UInt64, _ violation: Violation, _ planted: PlantedFault?, _ simulation: Simulation
    ) throws {
        let plan = plan(seed)
        print("seed \(seed) FAILED \(violation)")
        let short = try simulation.shortened(plan, breaking: violation.invariant, planted: planted)
        let kept = Set(short.steps.map(\.number))
        let left = Plan(seed: seed, faults: !calm).steps.map(\.number).filter { !kept.contains($0) }
        for step in short.steps { print("  step \(step)") }
        let options = left.isEmpty ? "" : " --without \(left.map(String.init).joined(separator: ","))"
        print("  scripts/simulate --seed \(seed)\(options)\(plant.map { " --plant \($0)" } ?? "")")
    }

    private func runPlants(_ simulation: Simulation) throws {
        print("| planted error | seeds | found by |\n| --- | --- | --- |")
        var missed = 0
        for planted in PlantedFault.allCases {
            var found: String?
            for seed in from..<from + UInt64(seeds) {
                let outcome = try simulation.run(plan(seed), planted: planted)
                guard let violation = outcome.violation else { continue }
                found = "| `\(planted.rawValue)` | \(seed - from + 1) | \(violation.invariant.rawValue) |"
                break
            }
            if found == nil { missed += 1 }
            print(found ?? "| `\(planted.rawValue)` | more than \(seeds) | nothing |")
        }
        if missed > 0 { throw ExitCode(1) }
    }
}
