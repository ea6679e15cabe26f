package import Domain

extension SMSGateway: ProviderSetup {
    private enum Method: String, CaseIterable { case post, get, put }

    package init?(_ reader: inout SettingsReader, _ surroundings: ProviderSurroundings) {
        let others = ["SMS_GATEWAY_METHOD", "SMS_GATEWAY_HEADERS", "SMS_GATEWAY_BODY", "SMS_GATEWAY_ACCEPTED"]
        guard let address = reader.text("SMS_GATEWAY_URL") else {
            if others.contains(where: { reader.text($0) != nil }) {
                reader.fail("SMS_GATEWAY_URL", "set it to send SMS through a gateway of your own")
            }
            return nil
        }
        let host = address.prefix { $0 != "?" && $0 != "{" }
        guard host.hasPrefix("https://") || host.hasPrefix("http://"), host.count > 8 else {
            reader.fail("SMS_GATEWAY_URL", "use a URL such as https://sms.example.com/send?to={to}&text={text}")
            return nil
        }
        if surroundings.isProduction, !host.hasPrefix("https://"), !isLoopback(String(host)) {
            reader.fail("SMS_GATEWAY_URL", "use https:// in production, except for this host")
        }
        let method = reader.choice("SMS_GATEWAY_METHOD", Method.post)
        let headers = SMSGateway.headers(reader.text("SMS_GATEWAY_HEADERS"))
        if headers == nil { reader.fail("SMS_GATEWAY_HEADERS", "write Name: value, with | between several") }
        let type = headers?.first { $0.name.lowercased() == "content-type" }?.value
        let body = reader.text("SMS_GATEWAY_BODY").map { RequestTemplate($0, SMSGateway.escaping(of: $0, type)) }
        let all = address + (body?.template ?? "")
        if !all.contains("{text}") || !(all.contains("{to}") || all.contains("{number}")) {
            reader.fail(
                body == nil ? "SMS_GATEWAY_URL" : "SMS_GATEWAY_BODY",
                "put {text} and {to} (or {number}, which is without the plus) into the URL or the body")
        }
        self.init(
            url: RequestTemplate(address, .percent), method: method.rawValue.uppercased(), headers: headers ?? [],
            body: body, accepted: reader.text("SMS_GATEWAY_ACCEPTED"))
    }

    package var channels: Set<Channel> { [.sms] }
    package var credentials: [(variable: String, secret: Secret)] { [] }

    /// Reads `Name: value | Name: value`. Nil when a part is something else.
    private static func headers(_ text: String?) -> [(name: String, value: String)]? {
        var headers: [(name: String, value: String)] = []
        for part in (text ?? "").split(separator: "|") {
            guard let colon = part.firstIndex(of: ":") else { return nil }
            let name = part[..<colon].trimmingBlanks()
            let value = part[part.index(after: colon)...].trimmingBlanks()
            guard name.wholeMatch(of: /[A-Za-z0-9-]+/) != nil, !value.isEmpty, value.allSatisfy(\.isASCII) else {
                return nil
            }
            headers.append((name, value))
        }
        return headers
    }

    /// Without a type, a body that looks like JSON is JSON, and any other one is a form.
    private static func escaping(of body: String, _ contentType: String?) -> TextEscaping {
        if let contentType, !contentType.isEmpty { return TextEscaping(contentType: contentType) }
        return body.hasPrefix("{\"") || body.hasPrefix("[") || body.hasPrefix("{ ") ? .json : .percent
    }
}
