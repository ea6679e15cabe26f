internal import Domain

/// A schedule's name, team and time zone: a new one, or one that there is.
struct ScheduleFormView: View {
    let section: Section? = .schedules
    private let id: ScheduleID?
    private let teams: [Field.Choice]
    private let input: FormInput

    /// - Parameters:
    ///   - id: nil for a new one.
    ///   - input: `name`, `team_id`, `time_zone`.
    init(id: ScheduleID?, teams: [Field.Choice], _ input: FormInput) {
        self.id = id
        self.teams = teams
        self.input = input
    }

    var title: String { id == nil ? "New schedule" : "Edit the schedule" }

    func content(_ frame: Frame) -> HTML {
        let zone =
            id == nil
            ? "A name like Europe/Zagreb. Hand-offs are at its local time."
            : "A name like Europe/Zagreb. With another one, hand-offs move to its local time."
        let fields: [Field] = [
            .text("name", "Name", isRequired: true, maximum: 100), .select("team_id", "Team", teams),
            .timeZone(hint: zone),
        ]
        let back: Path = id.map { "/schedules/\($0)" } ?? "/schedules"
        return """
            \(frame.heading(title, actions: linkButton(back, "Cancel", style: .quiet)))
            <section class="card">\(frame.form(back, fields, input, submit: id == nil ? "Create, then say who takes turns" : "Save"))</section>
            """
    }
}
