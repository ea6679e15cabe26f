/// The second factor: off, waiting for its first code, on, or with fresh recovery codes.
struct FactorView: View {
    enum Stage: Sendable {
        case off(FormInput)
        /// The secret in groups, and the address that apps read.
        case pending(secret: String, address: String, QRCode?, FormInput)
        case on(recoveryCodes: Int, FormInput)
        /// Recovery codes, shown this once.
        case codes([String])
    }

    let title = "Second factor"
    let section: Section? = .profile
    private let stage: Stage

    init(_ stage: Stage) { self.stage = stage }

    func content(_ frame: Frame) -> HTML {
        let back = linkButton("/profile/security", "Back")
        let body: HTML =
            switch stage {
            case .off(let input): off(input, frame)
            case .pending(let secret, let address, let code, let input): pending(secret, address, code, input, frame)
            case .on(let left, let input): on(left, input, frame)
            case .codes(let codes): fresh(codes)
            }
        return "\(frame.heading(title, actions: back))\(body)"
    }

    private let password = Field.password("current", "Your password")

    private func off(_ input: FormInput, _ frame: Frame) -> HTML {
        """
        <section class="card"><h2>Off</h2><p>With a second factor, signing in also needs six digits that an app on your phone
        shows. Your password alone is then of no use to others.</p>
        \(frame.form("/profile/factor", [password], input, submit: "Set it up"))</section>
        """
    }

    private func pending(
        _ secret: String, _ address: String, _ code: QRCode?, _ input: FormInput, _ frame: Frame
    ) -> HTML {
        let digits = Field(
            "code", "Code", hint: "The six digits that the app shows.", isRequired: true,
            .input(type: "text", maximum: 12, autocomplete: "one-time-code"))
        return """
            <section class="card"><h2>1. Add it to your app</h2>
            <p>Scan the code with an app for one-time passwords, or type the secret into it.</p>
            \(code.map { $0.svg })\(copyable(secret))
            <details class="small"><summary>The address for apps</summary>\(copyable(address))</details></section>
            <section class="card"><h2>2. Type what it shows</h2>
            \(frame.form("/profile/factor/confirm", [digits], input, submit: "Turn it on"))</section>
            <section class="card"><h2>Start again</h2>\(frame.form("/profile/factor", [password.identified(by: "again")], FormInput(), submit: "Make another secret"))</section>
            """
    }

    private func on(_ left: Int, _ input: FormInput, _ frame: Frame) -> HTML {
        """
        <section class="card"><h2>On</h2><p>\(status(.good, "Signing in needs a code of your app."))</p>
        <p>\(left) recovery codes are left.</p></section>
        <section class="card"><h2>New recovery codes</h2><p class="quiet">The old ones stop working.</p>
        \(frame.form("/profile/factor/codes", [password.identified(by: "codes")], input, submit: "Make and show them"))</section>
        <section class="card"><h2>Turn it off</h2>
        \(frame.form("/profile/factor/delete", [password.identified(by: "delete")], FormInput(), submit: "Turn it off"))</section>
        """
    }

    private func fresh(_ codes: [String]) -> HTML {
        """
        <section class="card calm"><h2>Recovery codes, shown this once</h2>
        <p>Each one replaces the app once. Keep them where your phone is not.</p>
        <ul class="list">\(codes.map { code -> HTML in "<li><code>\(code)</code></li>" })</ul></section>
        """
    }
}
