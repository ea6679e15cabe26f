/// What a browser asks a passkey to sign.
struct PasskeyQuestion: Sendable {
    /// In Base64 for URLs.
    var challenge: String
    /// The host to which the passkeys belong.
    var party: String
    /// The passkeys that count, by their authenticators' ids. Empty for any that the device has for this host.
    var known: [String] = []
    /// Whether the passkey replaces the password, so that the device must verify the person.
    var isAlone: Bool
}

extension Frame {
    /// The script of forms with passkeys.
    var passkeyScript: HTML { "<script src=\"\(assets.passkeys)\" defer></script>" }

    /// A button that signs in with a passkey. It is hidden in browsers that have none.
    ///
    /// - Parameter next: the path to open after signing in.
    func passkeyButton(
        _ question: PasskeyQuestion, to action: Path, next: String, fault: String?, style: ButtonStyle = .plain
    ) -> HTML {
        let names = ["credential", "client_data", "authenticator_data", "signature", "user_handle"]
        let attributes: HTML = """
             data-passkey="get" data-challenge="\(question.challenge)" data-party="\(question.party)" \
            data-known="\(question.known.joined(separator: " "))" \
            data-verification="\(question.isAlone ? "required" : "preferred")" hidden
            """
        let label = question.isAlone ? "Sign in with a passkey" : "Use a passkey"
        return form(
            action, attributes: attributes,
            """
            \(hiddenField(("next", next)))\(names.map { hiddenField(($0, "")) })\(passkeyFault(fault))
            <div class="row"><button class="button \(style.rawValue)" type="submit">\(symbol(.key))\(label)</button></div>
            """)
    }

    /// Where the script says what the browser did not do.
    func passkeyFault(_ fault: String?) -> HTML {
        "<p class=\"fault\" role=\"alert\" data-passkey-fault\(if: fault == nil, " hidden")>\(fault ?? "")</p>"
    }
}
