internal import Domain

/// /api/v1/escalation-policies
struct PolicyResource: ConfigurableResource {
    func blank(_ id: PolicyID, _ caller: Caller, _ configuration: Configuration) -> EscalationPolicy {
        EscalationPolicy(id: id, name: "", teamID: "", steps: [])
    }
}
