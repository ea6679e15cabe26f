internal import Domain

extension ScheduleView {
    /// The overrides, and a form for another one.
    func overrides(_ frame: Frame) -> HTML {
        let lines = model.overrides.map { override -> HTML in
            let delete = frame.button(
                "/schedules/\(model.id)/overrides/\(override.id)/delete", "Delete", style: .quiet)
            return """
                <li><div class="line"><b>\(override.words)</b>\(if: override.isNow, "<span class=\"tag\">now</span>")</div>
                <div class="line"><span class="small quiet">\(model.reader.span(override.from, override.to)), by \(override.author)</span>\
                \(if: model.mayOverride, delete)</div></li>
                """
        }
        let none: HTML = "<p class=\"quiet\">No override is planned.</p>"
        return """
            <section class="card" id="overrides"><h2>Overrides</h2>
            \(lines.isEmpty ? none : "<ul class=\"list\">\(lines)</ul>")</section>
            \(if: model.mayOverride, form(frame))
            """
    }

    private func form(_ frame: Frame) -> HTML {
        let zone = model.reader.timeZone
        let fields: [Field] = [
            .select("substitute", "Who is on call", model.substitutes), .select("away", "Instead of", model.replaced),
            .localTime("from", "From", hint: "In \(zone)."), .localTime("to", "To"),
        ]
        return """
            <section class="card" id="override"><h2>Cover a shift</h2>
            \(frame.form("/schedules/\(model.id)/overrides", hidden: [("zone", zone)], fields, model.input, submit: "Take over"))</section>
            """
    }

    /// The policies that use the schedule, its calendar link, and its deletion.
    func about(_ frame: Frame) -> HTML {
        let policies = model.policies.map { policy -> HTML in "<li><a href=\"\(policy.path)\">\(policy.name)</a></li>" }
        let none: HTML = "<p>\(status(.doubtful, "No escalation policy uses it."))</p>"
        let delete = frame.danger(
            "Delete the schedule", explanation: "Its layers and overrides are deleted with it.",
            "/schedules/\(model.id)/delete", "Delete “\(model.name)”")
        return """
            <section class="card"><h2>Used by</h2>\(policies.isEmpty ? none : "<ul>\(policies)</ul>")
            <p class="small"><a href="\(model.team.path)">Team \(model.team.name)</a></p></section>
            \(if: model.mayOverride, calendarLink(frame))\(if: model.mayConfigure, delete)
            """
    }

    private func calendarLink(_ frame: Frame) -> HTML {
        let label = model.hasLink ? "Make a new link" : "Make a link"
        let words =
            model.hasLink
            ? "Calendar programs subscribe by a secret link. A new link replaces it, and the old one stops working."
            : "Subscribe with a calendar program, by a secret link."
        let revoke = frame.button("/schedules/\(model.id)/calendar/delete", "Revoke", style: .danger)
        return """
            <section class="card"><h2>Calendar</h2><div class="stack"><p class="quiet">\(words)</p>
            <div class="row">\(frame.button("/schedules/\(model.id)/calendar", label))\(if: model.hasLink, revoke)</div></div></section>
            """
    }

    /// A new calendar link. It is shown only once, because only its hash is stored.
    func linkCard(_ link: String, _ frame: Frame) -> HTML {
        """
        <section class="card calm stack"><h2>The calendar's link</h2>
        <p>Copy it now: it is not shown again. Anybody who has it can read the schedule.</p>\(copyable(link))</section>
        """
    }
}
