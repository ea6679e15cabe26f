package import Domain

/// SMS through any gateway with an HTTP interface: a national vendor, or the daemon of a modem. Templates describe the
/// request, and a text in the answer says that the gateway accepted it.
package struct SMSGateway: HTTPVendor {
    package var url: RequestTemplate
    package var method: String
    package var headers: [(name: String, value: String)]
    package var body: RequestTemplate?
    /// A text that the answer to an accepted message contains. Nil accepts every answer of 2xx.
    package var accepted: String?
    package var timeout: Duration

    package init(
        url: RequestTemplate, method: String = "POST", headers: [(name: String, value: String)] = [],
        body: RequestTemplate? = nil, accepted: String? = nil, timeout: Duration = .seconds(15)
    ) {
        self.url = url
        self.method = method
        self.headers = headers
        self.body = body
        self.accepted = accepted
        self.timeout = timeout
    }

    package let name = "gateway"
    package let title = "The SMS gateway"
    package var advice: String? { "Check the settings that begin with SMS_GATEWAY." }

    /// Every literal part of the settings that may be a key, and both halves of `Bearer …`.
    package var secrets: [String] {
        let values = headers.flatMap { [$0.value] + $0.value.split(separator: " ").dropFirst().map(String.init) }
        return values.filter { $0.count >= 8 && !$0.hasPrefix("application/") } + url.literals + (body?.literals ?? [])
    }

    package func request(for message: Message) -> VendorRequest {
        let values = RequestTemplate.Values(
            to: message.address, number: String(message.address.drop { $0 == "+" }), text: message.shortText,
            id: message.id)
        var lines = headers.map { ($0.name, $0.value) }
        if let body, !headers.contains(where: { $0.name.lowercased() == "content-type" }) {
            lines.append(("Content-Type", body.contentType))
        }
        return VendorRequest(
            method, url.filled(values), headers: lines, body: body.map { Array($0.filled(values).utf8) })
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        guard answer.isSuccess, let accepted else { return nil }
        return answer.text.contains(accepted) ? .accepted(reference: nil) : .refused(.account)
    }

    package func words(in answer: VendorAnswer) -> String? { String(answer.text.prefix(200)).plain(limit: 200) }
}

/// A text with the placeholders `{to}`, `{number}` (without the plus), `{text}` and `{id}`.
package struct RequestTemplate: Sendable, Hashable {
    struct Values {
        let to, number, text, id: String
    }

    package let template: String
    package let escaping: TextEscaping

    package init(_ template: String, _ escaping: TextEscaping) {
        self.template = template
        self.escaping = escaping
    }

    /// What the body is if no header says so.
    var contentType: String {
        switch escaping {
        case .percent: "application/x-www-form-urlencoded"
        case .json: "application/json"
        case .markup: "application/xml; charset=utf-8"
        case .none: "text/plain; charset=utf-8"
        }
    }

    package static let placeholders = ["{to}", "{number}", "{text}", "{id}"]

    /// Fills all placeholders in one pass, so that a text that contains one stays as it is.
    func filled(_ values: Values) -> String {
        template.replacing(/\{(to|number|text|id)\}/) { match in
            let value =
                switch match.1 {
                case "to": values.to
                case "number": values.number
                case "text": values.text
                default: values.id
                }
            return escaping.escaped(value)
        }
    }

    /// The longer literal words after the host: they may be keys.
    var literals: [String] {
        let rest = template.hasPrefix("http") ? template.drop { $0 != "?" } : template[...]
        return rest.matches(of: /[A-Za-z0-9_.+\/=%~-]{8,}/).flatMap { match -> [String] in
            // `key=value`: the value alone, too.
            [String(match.0)] + match.0.split(separator: "=").map(String.init).filter { $0.count >= 8 }
        }
    }
}
