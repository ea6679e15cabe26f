internal import Domain

/// A layer of a schedule: its participants, turns, start and hours, with a preview of the result.
struct LayerView: View {
    struct Model: Sendable {
        var schedule: ScheduleID
        var scheduleName: String
        var timeZone: String
        /// Its index in the schedule, or nil for a new layer.
        var index: Int?
        /// The number of layers in the schedule.
        var count: Int
        /// `name`, `unit`, `count`, `hand_off`, `start`, `end`, `place-0` …, `hours-0-days`, `hours-0-from`,
        /// `hours-0-to` …
        var input: FormInput
        var people: [Field.Choice]
        /// The shifts of the draft, with a colour for each person.
        var preview: ShiftCalendar?
        /// Which coming shifts the draft changes. Nil while it is not valid.
        var changes: ShiftChangeList?
        /// What deleting the layer changes.
        var deletion: String?
    }

    let section: Section? = .schedules
    private let model: Model

    init(_ model: Model) { self.model = model }

    var title: String { model.index == nil ? "New layer" : "Edit the layer" }

    private var path: Path {
        model.index.map { "/schedules/\(model.schedule)/layers/\($0)" } ?? "/schedules/\(model.schedule)/layers"
    }

    func content(_ frame: Frame) -> HTML {
        let cancel = linkButton("/schedules/\(model.schedule)", "Cancel", style: .quiet)
        return """
            \(frame.heading(title, lead: "Of the schedule \(model.scheduleName). Times are in \(model.timeZone).", actions: cancel))
            <div class="columns wide-first"><div><section class="card">\(form(frame))</section></div>
            <div>\(model.changes?.html)\(preview)\(others(frame))</div></div>
            """
    }

    private func form(_ frame: Frame) -> HTML {
        let input = model.input
        let save = model.index == nil ? "Add the layer" : "Save"
        let hours = (0..<input.rows("hours-")).map { window($0, frame) }
        return frame.editor(
            path, input, shown: shown,
            """
            <input type="hidden" name="known" value="\(input["known"])">
            \(Field.text("name", "Name", hint: "Like Weekly, Nights, Weekend.", isRequired: true, maximum: 100).html(input))
            \(places.html(input, frame))
            <div class="side">\(Field.number("count", "A turn lasts", isRequired: true).html(input))
            \(Field.select("unit", "Unit", LayerView.units).html(input))
            \(Field.time("hand_off", "Handed over at", isRequired: true).html(input))</div>
            <div class="side">\(Field.date("start", "First turn begins on", isRequired: true).html(input))
            \(Field.date("end", "The layer ends on").html(input))</div>
            <fieldset class="field"><legend>Only at some hours</legend>
            <p class="hint">Without restrictions, the layer applies all the time. Hours may pass midnight.</p>
            <div class="stack">\(hours)<div>\(frame.does("hours", "Add hours", symbol: .plus))</div></div>
            \(fault("restrictions"))</fieldset>
            """,
            actions: """
                <button class="button primary" type="submit" name="do" value="save">\(save)</button>
                \(frame.does("preview", "Update the preview"))
                """)
    }

    private static let units: [Field.Choice] = [
        .init("hour", "hours"), .init("day", "days"), .init("week", "weeks"), .init("month", "months"),
    ]

    private var shown: Set<String> {
        places.names(model.input).union(["name", "count", "unit", "hand_off", "start", "end", "restrictions"])
            .union(
                (0..<model.input.rows("hours-")).flatMap { row in
                    ["hours-\(row)-days", "hours-\(row)-from", "hours-\(row)-to"]
                })
    }

    private var places: Places {
        Places(
            prefix: "place-", legend: "Who takes turns, in this order",
            hint: "An empty place is left out; “nobody” is a turn in which nobody is on call.", choices: model.people,
            noun: "place", whole: "places", more: "places", up: "up-")
    }

    private func window(_ row: Int, _ frame: Frame) -> HTML {
        let names = (days: "hours-\(row)-days", from: "hours-\(row)-from", to: "hours-\(row)-to")
        return """
            <div class="part">\(Field.weekdays(names.days).html(model.input))
            <div class="side">\(Field.time(names.from, "From").html(model.input))\(Field.time(names.to, "To").html(model.input))
            \(frame.does("remove-\(row)", "Remove", style: .quiet))</div></div>
            """
    }

    private func fault(_ name: String) -> HTML? {
        model.input.fault(of: name).map { "<p class=\"fault\" id=\"\(name)-fault\">\($0)</p>" }
    }

    private var preview: HTML? {
        model.preview.map { calendar in
            "<section class=\"card\"><h2>The next two weeks with this layer</h2>\(calendar.html)</section>"
        }
    }

    private func others(_ frame: Frame) -> HTML {
        guard let index = model.index else { return "" }
        let up = frame.button(
            "/schedules/\(model.schedule)/layers/\(index)/up", "Move it before the layer above", symbol: .up)
        let delete = frame.danger(
            "Delete the layer",
            explanation: ["Its turns end at once.", model.deletion].compactMap(\.self).joined(separator: " "),
            "/schedules/\(model.schedule)/layers/\(index)/delete", "Delete the layer")
        return "\(if: index > 0, up)\(delete)"
    }
}
