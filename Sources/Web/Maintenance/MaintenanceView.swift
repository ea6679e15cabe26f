internal import Domain

/// The form of a maintenance window.
struct MaintenanceForm: Sendable {
    /// Whether the window is once or weekly.
    enum Kind: String, Sendable, CaseIterable {
        case once, weekly

        var label: String { self == .once ? "Once" : "Every week" }
    }

    var kind: Kind
    let teams: [Field.Choice]
    let sources: [Field.Choice]
    /// The reader's time zone, in which the times of a one-time window are shown.
    let timeZone: String

    /// Links that switch to the form of the other kind.
    func kinds(_ path: Path) -> HTML {
        let links = Kind.allCases.map { kind -> HTML in
            """
            <a href="\(path.with([("kind", kind.rawValue)]))"\(if: kind == self.kind, " aria-current=\"page\"")>\(kind.label)</a>
            """
        }
        return "<nav class=\"chips\" aria-label=\"How often\">\(links)</nav>"
    }

    var fields: [Field] {
        [
            .text("name", "Name", hint: "Like what is done.", isRequired: true, maximum: 100),
            .select("team", "Team", teams),
        ]
            + when + [
                .checks("sources", "Alerts of", hint: "None selected: all of the team's.", sources),
                .area(
                    "labels", "Only with these labels", hint: "One a line, like host = db-1. Empty: whatever labels.",
                    rows: 2, maximum: 2_000),
            ]
    }

    private var when: [Field] {
        switch kind {
        case .once:
            return [
                .localTime("from", "Begins", hint: "In your time zone, \(timeZone)."), .localTime("to", "Ends"),
            ]
        case .weekly:
            let days = Weekday.allCases.map(\.name)
            let time = Field.Control.input(type: "time", maximum: 5, autocomplete: "off")
            return [
                .checks("weekdays", "Begins on", days.enumerated().map { Field.Choice(String($0 + 1), $1) }),
                Field("from", "Begins at", isRequired: true, time),
                Field("to", "Ends at", hint: "Earlier than it begins: on the next day.", isRequired: true, time),
                .text("time_zone", "Time zone", hint: "Like Europe/Zagreb or UTC.", isRequired: true, maximum: 60),
            ]
        }
    }
}

/// The form for a new maintenance window.
struct NewMaintenanceView: View {
    let title = "New maintenance window"
    let section: Section? = .maintenance
    private let form: MaintenanceForm
    private let input: FormInput

    init(_ form: MaintenanceForm, _ input: FormInput) {
        self.form = form
        self.input = input
    }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("New maintenance window"))
        \(form.kinds("/maintenance/new"))
        <section class="card">\(frame.form("/maintenance", hidden: [("kind", form.kind.rawValue)], form.fields, input, submit: "Plan it"))</section>
        """
    }
}

/// One maintenance window.
struct MaintenanceView: View {
    struct Model: Sendable {
        var id: String
        var row: MaintenanceListView.Row
        /// Whether it is an active one-time window, which can be ended early.
        var mayEnd: Bool
        var mayConfigure: Bool
        var form: MaintenanceForm
        var input: FormInput
    }

    var title: String { model.row.name }
    let section: Section? = .maintenance
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading(model.row.name, lead: "A maintenance window of \(model.row.team)."))
        <section class="card stack" id="state" data-live><p>\(model.row.state)</p>
        <dl class="facts"><dt>When</dt><dd>\(model.row.span)</dd><dt>For</dt><dd>\(model.row.scope)</dd></dl>
        \(if: model.mayConfigure, changes(frame))</section>
        \(if: model.mayConfigure, settings(frame))
        """
    }

    private func changes(_ frame: Frame) -> HTML {
        let end = frame.button(
            "/maintenance/\(model.id)/end", "End it now", symbol: .check, style: .primary)
        let delete = frame.danger(
            "Delete…", explanation: "Incidents that it holds page at once, if they still fire.",
            "/maintenance/\(model.id)/delete", "Delete the window")
        return "<div class=\"row\">\(if: model.mayEnd, end)\(delete)</div>"
    }

    private func settings(_ frame: Frame) -> HTML {
        """
        <section class="card stack"><h2>Change</h2>\(model.form.kinds("/maintenance/\(model.id)"))
        \(frame.form("/maintenance/\(model.id)", hidden: [("kind", model.form.kind.rawValue)], model.form.fields, model.input, submit: "Save"))</section>
        """
    }
}
