internal import Domain

/// The name, team and time zone of a new or existing schedule.
struct ScheduleFormView: View {
    let section: Section? = .schedules
    /// Nil for a new schedule.
    let id: ScheduleID?
    let fields: [Field]
    let input: FormInput

    var title: String { id == nil ? "New schedule" : "Edit the schedule" }

    func content(_ frame: Frame) -> HTML {
        let back: Path = id.map { "/schedules/\($0)" } ?? "/schedules"
        return """
            \(frame.heading(title, actions: linkButton(back, "Cancel", style: .quiet)))
            <section class="card">\(frame.form(back, fields, input, submit: id == nil ? "Create, then add people" : "Save"))</section>
            """
    }
}
