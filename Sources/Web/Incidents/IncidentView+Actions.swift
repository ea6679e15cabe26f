internal import Domain

extension IncidentView {
    /// The actions in this state. The most important one is the largest.
    func actions(_ frame: Frame) -> HTML {
        let acknowledge = frame.button(
            "/incidents/\(model.number)/acknowledge", "Acknowledge", symbol: .acknowledge, style: .primary,
            key: "acknowledge")
        switch model.state {
        case .triggered:
            return """
                <div class="actions">\(acknowledge)\(resolve(frame, .plain))\(escalate(frame))\(snooze(frame))\(handTo(frame))\(more(frame))</div>
                """
        case .acknowledged:
            return """
                <div class="actions">\(resolve(frame, .primary))\(escalate(frame))\(snooze(frame))\(handTo(frame))\(more(frame))</div>
                """
        case .resolved:
            return """
                <div class="actions">\(frame.button("/incidents/\(model.number)/reopen", "Reopen", symbol: .reopen))</div>
                """
        }
    }

    private func resolve(_ frame: Frame, _ style: ButtonStyle) -> HTML {
        frame.button(
            "/incidents/\(model.number)/resolve", "Resolve", symbol: .resolve, style: style, key: "resolve")
    }

    private func escalate(_ frame: Frame) -> HTML {
        frame.button("/incidents/\(model.number)/escalate", "Escalate", symbol: .escalate)
    }

    private func snooze(_ frame: Frame) -> HTML {
        let lengths = [(15, "15 minutes"), (60, "1 hour"), (240, "4 hours"), (1440, "1 day")]
        let buttons = lengths.map { length -> HTML in
            "<button class=\"button\" name=\"minutes\" value=\"\(length.0)\">\(length.1)</button>"
        }
        return """
            <details><summary class="button">\(frame.symbol(.snooze))Snooze</summary><div class="menu">\
            \(frame.form("/incidents/\(model.number)/snooze", style: "snooze", "\(buttons)"))</div></details>
            """
    }

    private func handTo(_ frame: Frame) -> HTML {
        guard !model.people.isEmpty else { return "" }
        let field = Field.select(
            "user", "Person", hint: "The person is paged now, in place of those who were.", model.people)
        return """
            <details><summary class="button">\(frame.symbol(.users))Hand to</summary><div class="menu">\
            \(frame.form("/incidents/\(model.number)/hand-over", [field], FormInput(), submit: "Hand over"))</div></details>
            """
    }

    private func more(_ frame: Frame) -> HTML {
        guard !model.policies.isEmpty else { return "" }
        let field = Field.select("policy", "Escalation policy", model.policies)
        return """
            <details><summary class="button quiet">Reassign</summary><div class="menu">\
            \(frame.form("/incidents/\(model.number)/reassign", [field], FormInput(), submit: "Reassign"))</div></details>
            """
    }
}
