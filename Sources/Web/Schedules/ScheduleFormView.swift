internal import Domain

/// The name, team and time zone of a new or existing schedule.
struct ScheduleFormView: View {
    let section: Section? = .schedules
    /// Nil for a new schedule.
    let id: ScheduleID?
    let fields: [Field]
    let input: FormInput
    /// Which coming shifts the typed values change. Nil for a new schedule and for values that can't be read.
    var changes: ShiftChangeList?

    var title: String { id == nil ? "New schedule" : "Edit the schedule" }

    func content(_ frame: Frame) -> HTML {
        let back: Path = id.map { "/schedules/\($0)" } ?? "/schedules"
        let heading = frame.heading(title, actions: linkButton(back, "Cancel", style: .quiet))
        guard id != nil else {
            return
                "\(heading)<section class=\"card\">\(frame.form(back, fields, input, submit: "Create, then add people"))</section>"
        }
        let actions: HTML = """
            <button class="button primary" type="submit" name="do" value="save">Save</button>
            \(frame.does("preview", "Update the preview"))
            """
        let editor = frame.editor(
            back, input, shown: Set(fields.map(\.name)), "\(fields.map { $0.html(input) })", actions: actions)
        return "\(heading)<section class=\"card\">\(editor)</section>\(changes?.html)"
    }
}
