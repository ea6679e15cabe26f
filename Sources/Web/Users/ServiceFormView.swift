/// The form of a new service account.
struct ServiceFormView: View {
    let title = "New service account"
    let section: Section? = .users
    private let teams: [Field.Choice]
    private let input: FormInput

    /// - Parameter input: `name`, `role`, and `team` several times.
    init(teams: [Field.Choice], _ input: FormInput) {
        self.teams = teams
        self.input = input
    }

    func content(_ frame: Frame) -> HTML {
        let fields: [Field] = [
            .text("name", "Name", hint: "What the program is, like Deploy.", isRequired: true, maximum: 100),
            .select("role", "Role", Field.roles), .checks("team", "Teams", teams),
        ]
        return """
            \(frame.heading(title, lead: "A program with API tokens. It doesn't sign in and is never paged.", actions: linkButton("/users", "Cancel", style: .quiet)))
            <section class="card">\(frame.form("/users/services", fields, input, submit: "Create it"))</section>
            """
    }
}
