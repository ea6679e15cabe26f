internal import Domain

/// A person's name, address, role and zone, as administrators set them: somebody new, or somebody known.
struct UserFormView: View {
    let section: Section? = .users
    private let id: UserID?
    private let teams: [Field.Choice]
    private let input: FormInput

    /// - Parameters:
    ///   - id: nil for somebody new.
    ///   - input: `name`, `email`, `role`, `time_zone`, `locale`, and for somebody new `team` and `password`.
    init(id: UserID?, teams: [Field.Choice], _ input: FormInput) {
        self.id = id
        self.teams = teams
        self.input = input
    }

    var title: String { id == nil ? "New user" : "Edit the user" }

    func content(_ frame: Frame) -> HTML {
        let roles: [Field.Choice] = [
            .init("responder", "responder: is paged, acts on incidents"),
            .init("manager", "manager: changes what belongs to the own teams"),
            .init("admin", "admin: may do everything"), .init("viewer", "viewer: only looks"),
        ]
        var fields: [Field] = [
            .text("name", "Name", isRequired: true, maximum: 100),
            Field("email", "E-mail", isRequired: true, .input(type: "email", maximum: 254, autocomplete: "off")),
            .select("role", "Role", roles),
            .timeZone(hint: "A name like Europe/Zagreb, in which the person reads times."),
            .text("locale", "Language", hint: "A tag like en or hr-HR.", isRequired: true, maximum: 35),
        ]
        if id == nil {
            if !teams.isEmpty { fields.append(.checks("team", "Teams", teams)) }
            var password = Field.password(
                "password", "Password",
                hint: "At least 12 characters. Without one, the person is a contact, who is only paged.",
                isNew: true)
            password.isRequired = false
            fields.append(password)
        }
        let back: Path = id.map { "/users/\($0)" } ?? "/users"
        return """
            \(frame.heading(title, actions: linkButton(back, "Cancel", style: .quiet)))
            <section class="card">\(frame.form(back, fields, input, submit: id == nil ? "Create the user" : "Save"))</section>
            """
    }
}
