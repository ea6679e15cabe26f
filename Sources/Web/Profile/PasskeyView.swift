/// The page that creates a passkey, after the password.
struct PasskeyView: View {
    struct Model: Sendable {
        var challenge: String
        var party: String
        /// What the authenticator keeps to know whose passkey it is.
        var handle: String
        /// What the authenticator shows: the address and the name.
        var account: String
        var person: String
        /// The user's passkeys, by their authenticators' ids.
        var known: [String]
        /// The algorithms that are accepted, as COSE calls them.
        var algorithms: [Int]
        /// `name`.
        var input: FormInput
        /// Why the passkey was refused.
        var fault: String?
    }

    let title = "New passkey"
    let section: Section? = .profile
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        let attributes: HTML = """
             data-passkey="create" data-challenge="\(model.challenge)" data-party="\(model.party)" \
            data-handle="\(model.handle)" data-account="\(model.account)" data-person="\(model.person)" \
            data-known="\(model.known.joined(separator: " "))" \
            data-algorithms="\(model.algorithms.map { String($0) }.joined(separator: " "))" hidden
            """
        let name = Field.text(
            "name", "Name", hint: "Where it is, like Phone or Blue key.", isRequired: true, maximum: 100)
        let hidden = ["client_data", "attestation"].map { frame.hiddenField(($0, "")) }
        let form = frame.form(
            "/profile/factor/passkeys/new", attributes: attributes,
            """
            \(hidden)\(name.html(model.input))\(frame.passkeyFault(model.fault))
            <div class="row"><button class="button primary" type="submit">Create the passkey</button></div>
            """)
        return """
            \(frame.heading(title, actions: linkButton("/profile/factor", "Back")))
            <section class="card">\(form)
            <p data-no-passkeys>This browser has no passkeys, or does not run the script that they need.</p></section>
            \(frame.passkeyScript)
            """
    }
}
