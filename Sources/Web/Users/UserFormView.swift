internal import Domain

/// A user's name, address, role and time zone, as administrators set them for a new or existing user.
struct UserFormView: View {
    let section: Section? = .users
    /// Nil for a new user. The form then also has `team`, and `invite` or `password`.
    let id: UserID?
    let fields: [Field]
    let teams: [Field.Choice]
    /// Whether a new user can be sent an invitation. Otherwise the form asks for a password.
    let canInvite: Bool
    /// What it needs, since who has an account, and with which address and role, outlives the session.
    let proof: ProofQuestion
    let input: FormInput

    var title: String { id == nil ? "New user" : "Edit the user" }

    func content(_ frame: Frame) -> HTML {
        var fields = fields
        if id == nil {
            if !teams.isEmpty { fields.append(.checks("team", "Teams", teams)) }
            let invite = Field.check(
                "invite", "Send an invitation",
                hint: "A mail with a link, with which the person chooses a password. Without it, the person is a "
                    + "contact, who is only paged.")
            var password = Field.password(
                "password", "Password",
                hint: "At least 12 characters. Without one, the person is a contact, who is only paged.",
                isNew: true)
            password.isRequired = false
            fields.append(canInvite && input.fault(of: "password") == nil ? invite : password)
        }
        fields += proof.fields("user")
        let back: Path = id.map { "/users/\($0)" } ?? "/users"
        let form = frame.form(back, fields, input, submit: id == nil ? "Create the user" : "Save")
        return """
            \(frame.heading(title, actions: linkButton(back, "Cancel", style: .quiet)))
            <section class="card">\(proof.guarding(form))</section>
            """
    }
}
