internal import Domain

/// The editor of an escalation policy: its steps, what follows them, its routes, and a preview of the draft.
struct PolicyEditView: View {
    struct Model: Sendable {
        /// Nil for a new policy.
        var id: PolicyID?
        /// `name`, `team_id`, `step-0-delay`, `step-0-unit`, `step-0-target-0` …, `repeats`, `final_action`,
        /// `acknowledgement`, `acknowledgement-unit`, `urgent`, `route-0-…`, `preview_severity`, `preview_at`.
        var input: FormInput
        var teams: [Field.Choice]
        var targets: [Field.Choice]
        var policies: [Field.Choice]
        /// Nil while the policy is not valid.
        var preview: PolicyPreview?
    }

    let section: Section? = .policies
    private let model: Model
    private var input: FormInput { model.input }

    init(_ model: Model) { self.model = model }

    var title: String { model.id == nil ? "New policy" : "Edit the policy" }

    func content(_ frame: Frame) -> HTML {
        let back: Path = model.id.map { "/escalation-policies/\($0)" } ?? "/escalation-policies"
        return """
            \(frame.heading(title, actions: linkButton(back, "Cancel", style: .quiet)))
            \(frame.editor(
                back, input, shown: shown,
                """
                \(naming)\(steps(frame))
                <div class="columns wide-first"><div>\(after)\(routes(frame))</div><div>\(preview(frame))</div></div>
                """,
                actions: frame.does("save", model.id == nil ? "Create the policy" : "Save", style: .primary)))
            """
    }

    private var naming: HTML {
        """
        <section class="card form">\(Field.text("name", "Name", isRequired: true, maximum: 100).html(input))
        \(Field.select("team_id", "Team", model.teams).html(input))</section>
        """
    }

    private func steps(_ frame: Frame) -> HTML {
        let rows = (0..<input.rows("step-")).map { step($0, frame) }
        return """
            <section class="card"><h2>Steps</h2><div class="stack"><table class="table folds step-table">
            <thead><tr><th scope="col">When</th><th scope="col">Page</th><th scope="col">Without an answer, go on after</th>\
            <th scope="col"><span class="visually-hidden">Order</span></th></tr></thead><tbody>\(rows)</tbody></table>\(fault("steps"))
            <div>\(frame.does("add-step", "Add a step", symbol: .plus))</div></div></section>
            """
    }

    private func step(_ row: Int, _ frame: Frame) -> HTML {
        let prefix = "step-\(row)-"
        let up = frame.does("up-\(row)", "", symbol: .up, style: .quiet, title: "Move step \(row + 1) up")
        let remove = frame.does("remove-\(row)", "Remove", style: .quiet, title: "Remove step \(row + 1)")
        return """
            <tr><td class="when"><b>\(offset(of: row))</b> <span class="small quiet">step \(row + 1)</span></td>
            <td>\(targets(prefix, row, frame))</td>
            <td><div class="side">\(Field.number("\(prefix)delay", "Go on after", isRequired: true).html(input))
            \(Field.select("\(prefix)unit", "Unit", PolicyEditView.units).html(input))</div></td>
            <td><div class="row">\(if: row > 0, up)\(if: input.rows("step-") > 1, remove)</div></td></tr>
            """
    }

    /// When a step pages if nobody answers: `at once`, `after 15 min`.
    private func offset(of row: Int) -> String {
        guard row > 0 else { return "at once" }
        var total = Duration.zero
        for earlier in 0..<row {
            guard let number = Int(input["step-\(earlier)-delay"]), (0...1_000_000).contains(number) else { return "" }
            switch input["step-\(earlier)-unit"] {
            case "s": total += .seconds(number)
            case "h": total += .hours(number)
            case "d": total += .days(number)
            default: total += .minutes(number)
            }
        }
        return "after \(total.words)"
    }

    private func targets(_ prefix: String, _ row: Int, _ frame: Frame) -> HTML {
        Places(
            prefix: "\(prefix)target-", legend: "Page", choices: model.targets, noun: "target",
            whole: "\(prefix)targets", more: "more-\(row)", up: nil
        ).html(input, frame)
    }

    static let units: [Field.Choice] = [
        .init("s", "seconds"), .init("min", "minutes"), .init("h", "hours"), .init("d", "days"),
    ]

    private var after: HTML {
        """
        <section class="card"><h2>If nobody answers</h2><div class="form">
        \(Field.number("repeats", "Repeat the steps (times)", isRequired: true).html(input))
        \(Field.select("final_action", "In the end", [.init("stay", "stop paging; the incident stays open"), .init("notify", "page all administrators")]).html(input))
        <div class="side">\(Field.number("acknowledgement", "Page again if acknowledged but not resolved after", hint: "Empty means never.").html(input))
        \(Field.select("acknowledgement-unit", "Unit", PolicyEditView.units).html(input))</div>
        \(Field.severities("urgent", "Treat as urgent", hint: "Urgent pages follow people’s rules for high urgency. Others wait for the end of quiet hours.").html(input))
        \(Field.text("hold_off", "Page only if it still fires after", hint: "Like warning 5 min, info 1 h. Empty: every incident pages at once.", maximum: 100).html(input))
        </div></section>
        """
    }

    private func routes(_ frame: Frame) -> HTML {
        let rows = (0..<input.rows("route-")).map { route($0, frame) }
        return """
            <section class="card"><h2>Routing rules</h2><div class="stack">
            <p class="quiet">The first rule that matches an alert sends it to another policy.</p>\(rows)\(fault("routes"))
            <div>\(frame.does("add-route", "Add a rule", symbol: .plus))</div></div></section>
            """
    }

    private func route(_ row: Int, _ frame: Frame) -> HTML {
        let prefix = "route-\(row)-"
        let remove = frame.does("drop-\(row)", "Remove", style: .quiet, title: "Remove route \(row + 1)")
        return """
            <fieldset class="part"><legend class="visually-hidden">Route \(row + 1)</legend>
            <header><span>Route \(row + 1)</span>\(remove)</header>
            \(Field.severities("\(prefix)severities", "Severities", hint: "None ticked: all.").html(input))
            \(Field.area("\(prefix)labels", "Labels", hint: "One name=value in each line; all have to fit.", rows: 2).html(input))
            \(Field.weekdays("\(prefix)days", "Only at some hours").html(input))
            <div class="side">\(Field.time("\(prefix)from", "From").html(input))\(Field.time("\(prefix)to", "To").html(input))
            \(Field.text("\(prefix)zone", "Time zone", maximum: 100).html(input))</div>
            \(Field.select("\(prefix)policy", "Use the policy", [.init("", "—")] + model.policies).html(input))</fieldset>
            """
    }

    private func preview(_ frame: Frame) -> HTML {
        let none: HTML = "<p class=\"quiet\">The preview appears when the policy is complete.</p>"
        return """
            <section class="card" id="preview"><h2>Preview</h2><div class="stack">\(PolicyPreview.fields(input))
            <div class="row">\(frame.does("preview", "Update the preview"))</div>\(model.preview?.html(frame) ?? none)</div></section>
            """
    }

    private func fault(_ name: String) -> HTML? {
        input.fault(of: name).map { "<p class=\"fault\" role=\"alert\">\($0)</p>" }
    }

    private var shown: Set<String> {
        var names: Set<String> = [
            "name", "team_id", "steps", "repeats", "final_action", "acknowledgement", "urgent", "hold_off",
            "routes",
            "preview_severity", "preview_at",
        ]
        for row in 0..<input.rows("step-") {
            names.formUnion(["step-\(row)-delay", "step-\(row)-unit", "step-\(row)-targets"])
            names.formUnion((0..<input.rows("step-\(row)-target-")).map { "step-\(row)-target-\($0)" })
        }
        for row in 0..<input.rows("route-") {
            names.formUnion(
                ["severities", "labels", "days", "from", "to", "zone", "policy"].map { "route-\(row)-\($0)" })
        }
        return names
    }
}
