/// Runs simulations one after another on one thread.
package struct Simulation {
    private let template: Template

    package init() throws { template = try Template() }

    package func run(_ plan: Plan, planted: PlantedFault? = nil, keepsLog: Bool = false) throws -> Outcome {
        try World(plan, template, planted: planted, keepsLog: keepsLog).run()
    }

    /// Removes steps from a plan that breaks an invariant, as long as what is left still breaks it.
    package func shortened(_ plan: Plan, breaking invariant: Invariant, planted: PlantedFault? = nil) throws -> Plan {
        var plan = plan
        var isShorter = true
        while isShorter {
            isShorter = false
            for size in [plan.steps.count / 2, plan.steps.count / 4, 1] where size > 0 {
                var start = 0
                while start < plan.steps.count {
                    let numbers = plan.steps[start..<min(start + size, plan.steps.count)].map(\.number)
                    let candidate = plan.without(Set(numbers))
                    if try run(candidate, planted: planted).violation?.invariant == invariant {
                        plan = candidate
                        isShorter = true
                    } else {
                        start += size
                    }
                }
            }
        }
        return plan
    }
}
