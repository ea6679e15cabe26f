/// What can be chosen for an alert source.
struct SourceForm: Sendable {
    var kinds: [Field.Choice]
    var teams: [Field.Choice]
    var policies: [Field.Choice]
    var severities: [Field.Choice]

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
struct NewSourceView: View {
    let title = "New alert source"
    let section: Section? = .sources
    private let form: SourceForm
    private let input: FormInput

    init(_ form: SourceForm, _ input: FormInput) {
        self.form = form
        self.input = input
    }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("New alert source"))
        <section class="card">\(frame.form("/alert-sources", form.first, input, submit: "Create and show the key"))</section>
        """
    }
}
