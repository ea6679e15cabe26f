internal import Domain
internal import Transport

/// One schedule: who is on call, as a drawing and in words, with its layers, overrides and actions.
struct ScheduleView: View {
    /// The part of the schedule to show.
    struct Window: Sendable {
        enum Span: String, Sendable, CaseIterable {
            case twoWeeks = "two-weeks"
            case month
        }

        var span: Span
        /// `2 to 15 Mar 2026`, `March 2026`.
        var label: String
        var before: Path
        var after: Path
        var today: Path
        var spans: [(label: String, path: Path, isCurrent: Bool)]
        var zones: [(label: String, path: Path, isCurrent: Bool)]
    }

    /// A shift in words.
    struct Shift: Sendable {
        var from: Timestamp
        var to: Timestamp
        var people: [String]
        /// Its colour in the drawing, or nil for a gap or several people.
        var hue: Int?
        var isNow: Bool
        /// The form of an override for this shift, or nil if the user may not add one.
        var override: Path?
    }

    struct Override: Sendable {
        var id: OverrideID
        var words: String
        var from: Timestamp
        var to: Timestamp
        var author: String
        var isNow: Bool
    }

    struct Layer: Sendable {
        var name: String
        /// `Ada, Bob and nobody take turns of a week, handed over on Mondays at 09:00.`
        var sentence: String
        var hours: [String]
        /// When the layer starts or ends, if that is in the future or has passed.
        var span: String?
    }

    struct Model: Sendable {
        var id: ScheduleID
        var name: String
        var team: (name: String, path: Path)
        var timeZone: String
        /// The reader in the schedule's time zone, or in the user's own.
        var reader: Reader
        var duty: DutyLine
        var window: Window
        var calendar: ShiftCalendar
        var shifts: [Shift]
        /// The number of shifts that are not listed.
        var more: Int
        var gaps: [(from: Timestamp, to: Timestamp)]
        var overrides: [Override]
        var layers: [Layer]
        var policies: [(name: String, path: Path)]
        var mayOverride: Bool
        var mayConfigure: Bool
        /// `substitute`, `away`, `from`, `to`.
        var input: FormInput
        var substitutes: [Field.Choice]
        var replaced: [Field.Choice]
        /// A new calendar link, which is shown once.
        var newLink: String?
        var hasLink: Bool
    }

    let section: Section? = .schedules
    let model: Model

    init(_ model: Model) { self.model = model }

    var title: String { model.name }

    var path: Path { "/schedules/\(model.id)" }

    func content(_ frame: Frame) -> HTML {
        let edit = linkButton("/schedules/\(model.id)/edit", "Edit", symbol: frame.symbol(.settings))
        return """
            \(frame.heading(model.name, lead: "Schedule of the team \(model.team.name), in the time zone \(model.timeZone)", actions: model.mayConfigure ? edit : nil))
            \(model.newLink.map { linkCard($0, frame) })
            <section class="card duty" aria-label="Now"><span class="who">\(model.duty.who)</span>
            <span class="quiet">\(model.duty.then(model.reader))</span></section>
            \(drawing(frame))
            <div class="columns wide-first"><div>\(shifts(frame))\(layers(frame))</div>
            <div>\(overrides(frame))\(about(frame))</div></div>
            """
    }

    private func drawing(_ frame: Frame) -> HTML {
        let window = model.window
        return """
            <section class="card"><header><h2>\(window.label)</h2>
            <nav class="row" aria-label="Time shown"><a class="button" href="\(window.before)" rel="prev" aria-label="Earlier">\(frame.symbol(.previous))</a>
            <a class="button" href="\(window.today)">Today</a>
            <a class="button" href="\(window.after)" rel="next" aria-label="Later">\(frame.symbol(.next))</a></nav></header>
            <div class="stack"><div class="line"><nav class="chips" aria-label="Span">\(chips(window.spans))</nav>
            <nav class="chips" aria-label="Time zone">\(chips(window.zones))</nav></div>
            \(model.calendar.html)\(if: !model.gaps.isEmpty, gaps(frame))</div></section>
            """
    }

    private func chips(_ links: [(label: String, path: Path, isCurrent: Bool)]) -> [HTML] {
        links.map { "<a href=\"\($0.path)\"\(if: $0.isCurrent, " aria-current=\"true\"")>\($0.label)</a>" }
    }

    private func gaps(_ frame: Frame) -> HTML {
        let lines = model.gaps.prefix(5).map { gap -> HTML in "<li>\(model.reader.span(gap.from, gap.to))</li>" }
        let more: HTML = "<li>and \(model.gaps.count - 5) more</li>"
        return """
            <div class="gaps" role="note">\(status(.bad, "Nobody is on call"))<ul>\(Array(lines))\(if: model.gaps.count > 5, more)</ul></div>
            """
    }

    private func shifts(_ frame: Frame) -> HTML {
        let lines = model.shifts.map { shift -> HTML in
            let dot: HTML = shift.hue.map { "<span class=\"swatch p\($0 % 8)\"></span>" } ?? ""
            let who: HTML =
                shift.people.isEmpty ? status(.bad, "nobody") : "\(dot) <b>\(shift.people.joined(separator: ", "))</b>"
            let override: HTML? = shift.override.map { "<a class=\"small\" href=\"\($0)#override\">Take over</a>" }
            return """
                <li class="line"><span>\(who)\(if: shift.isNow, " <span class=\"tag\">now</span>")</span>\
                <span class="row"><span class="quiet">\(model.reader.span(shift.from, shift.to))</span>\(override)</span></li>
                """
        }
        let more: HTML = "<p class=\"small quiet\">\(model.more) more shifts in this time.</p>"
        return """
            <section class="card"><h2>Shifts</h2><ul class="list">\(lines)</ul>\(if: model.more > 0, more)</section>
            """
    }

    private func layers(_ frame: Frame) -> HTML {
        let lines = model.layers.enumerated().map { index, layer -> HTML in
            let edit: HTML =
                model.mayConfigure ? "<a href=\"\(Path("/schedules/\(model.id)/layers/\(index)"))\">Edit</a>" : ""
            return """
                <li><div class="line"><h3>\(layer.name)</h3>\(edit)</div><p>\(layer.sentence)</p>\
                \(layer.hours.map { hours -> HTML in "<p class=\"quiet\">\(hours)</p>" })\
                \(layer.span.map { span -> HTML in "<p class=\"small quiet\">\(span)</p>" })</li>
                """
        }
        let add = linkButton("/schedules/\(model.id)/layers/new", "Add a layer", symbol: frame.symbol(.plus))
        let note: HTML = "<p class=\"small quiet\">If several layers have somebody on call, the last one applies.</p>"
        let none: HTML = "<p class=\"quiet\">This schedule has no layer yet.</p>"
        return """
            <section class="card"><header><h2>Layers</h2>\(model.mayConfigure ? add : "")</header>
            \(model.layers.isEmpty ? none : "<ol class=\"list\">\(lines)</ol>")\(if: model.layers.count > 1, note)</section>
            """
    }
}
