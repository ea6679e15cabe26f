internal import Actors
internal import Domain
internal import Formats
internal import Hummingbird

/// What a change would do, for `?dry_run=true`: the configuration afterwards, checked and not stored.
struct DryRun {
    /// Shifts of one schedule that an answer lists.
    private static let shifts = 200

    let before: Configuration
    let after: Configuration

    /// - Throws: the faults for which the change itself would be refused.
    init(_ changes: [ConfigurationChange], on before: Configuration, at now: Timestamp) throws(ConfigurationFault) {
        let kept = before.keepingDuty(changes, at: now)
        let faults = before.faults(of: kept)
        guard faults.isEmpty else { throw .invalid(faults) }
        (self.before, after) = (before, before.applying(kept))
    }

    static func isWanted(_ request: Request) throws -> Bool {
        switch request.uri.queryParameters["dry_run"].map({ String($0) }) {
        case nil, "false"?: false
        case "true"?: true
        case _?: throw APIProblem.invalid("dry_run", "Write true or false.")
        }
    }

    /// Says that nothing was stored, and which shifts of which schedules would change.
    func members(at now: Timestamp) -> [(name: String, value: JSON)] {
        let changes = before.shiftChanges(to: after, from: now, to: now + Configuration.editHorizon)
        let shifts = changes.flatMap { id, changes in changes.prefix(Self.shifts).map { json(of: $0, in: id) } }
        return [("dry_run", .bool(true)), ("shift_changes", .array(shifts))]
    }

    private func json(of change: ShiftChange, in id: ScheduleID) -> JSON {
        let name = (after.schedules[id] ?? before.schedules[id])?.name ?? ""
        return .members([
            ("schedule", .reference(id.rawValue, name)), ("from", .string(change.from.rfc3339)),
            ("to", .string(change.to.rfc3339)), ("before", people(change.before, before)),
            ("after", people(change.after, after)),
        ])
    }

    private func people(_ people: [UserID], _ configuration: Configuration) -> JSON {
        .array(people.map { .reference($0.rawValue, configuration.name(of: $0)) })
    }
}
