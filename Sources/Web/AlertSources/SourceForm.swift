/// What can be chosen for an alert source.
package struct SourceForm: Sendable {
    package var kinds: [Field.Choice]
    package var teams: [Field.Choice]
    package var policies: [Field.Choice]
    package var severities: [Field.Choice]

    package init(
        kinds: [Field.Choice], teams: [Field.Choice], policies: [Field.Choice], severities: [Field.Choice]
    ) {
        self.kinds = kinds
        self.teams = teams
        self.policies = policies
        self.severities = severities
    }

    /// What a new source needs.
    var first: [Field] {
        [
            .text("name", "Name", hint: "Like the monitoring system's.", isRequired: true, maximum: 100),
            .select("kind", "What sends", kinds), .select("team", "Team", hint: "Whose incidents it opens.", teams),
        ]
    }

    var all: [Field] {
        first + [
            .select("policy", "Escalation policy", [Field.Choice("", "the team's default")] + policies),
            .select("severity", "Severity of alerts that name none", severities),
            .number(
                "reopen", "Reopen within minutes",
                hint: "A resolved incident's new alert within this time reopens it. 0: always a new incident."),
            .number(
                "silence", "Resolve after minutes of silence", hint: "Empty: never, the sender tells when it is over."),
        ]
    }
}

/// A new alert source.
package struct NewSourceView: View {
    package let title = "New alert source"
    package let section: Section? = .sources
    private let form: SourceForm
    private let input: FormInput

    package init(_ form: SourceForm, _ input: FormInput) {
        self.form = form
        self.input = input
    }

    package func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("New alert source"))
        <section class="card">\(frame.form("/alert-sources", form.first, input, submit: "Create and show the key"))</section>
        """
    }
}
