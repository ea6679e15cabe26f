internal import Domain

/// A user's name, address, role and time zone, as administrators set them for a new or existing user.
struct UserFormView: View {
    let section: Section? = .users
    /// Nil for a new user. The form then also has `team` and `password`.
    let id: UserID?
    let fields: [Field]
    let teams: [Field.Choice]
    let input: FormInput

    var title: String { id == nil ? "New user" : "Edit the user" }

    func content(_ frame: Frame) -> HTML {
        var fields = fields
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
