internal import Domain
internal import Formats

/// Reads a body by its content. The stated content type is too often wrong: SNS sends JSON as plain text, and curl as a
/// form.
enum Body {
    /// The JSON of the body. A form, a multipart body or a query becomes an object of texts, or the JSON in its one
    /// field that contains some.
    static func json(of payload: Payload) throws(PayloadError) -> JSON {
        let start = firstByte(of: payload.body)
        guard let start else { return try query(of: payload) }
        if start == UInt8(ascii: "{") || start == UInt8(ascii: "[") { return try container(payload.body) }
        if let fields = Multipart.fields(of: payload.body) { return try unwrapped(fields) }
        if let fields = Form.fields(of: payload.body) { return try unwrapped(fields) }
        return try container(payload.body)
    }

    /// Whether the body is said to be plain text and is some: more than one word, and neither JSON nor a form.
    static func isText(_ payload: Payload) -> Bool {
        guard payload.contentType?.lowercased().hasPrefix("text/plain") == true,
            let first = firstByte(of: payload.body),
            first != UInt8(ascii: "{"), !payload.body.starts(with: Array("--".utf8))
        else { return false }
        return payload.body.contains(32)
    }

    /// The first byte that is neither part of a byte order mark nor blank.
    static func firstByte(of body: [UInt8]) -> UInt8? {
        let text = body.starts(with: [0xef, 0xbb, 0xbf]) ? body[3...] : body[...]
        return text.first { $0 > 32 }
    }

    private static func container(_ bytes: [UInt8]) throws(PayloadError) -> JSON {
        let json: JSON
        do {
            json = try JSONParser.parse(bytes)
        } catch {
            throw .malformed("\(error).")
        }
        switch json {
        case .array, .object: return json
        case .null, .bool, .number, .string:
            throw .malformed("An alert is a JSON object, and the body is \(json.kind).")
        }
    }

    private static func query(of payload: Payload) throws(PayloadError) -> JSON {
        let fields = payload.query.sorted { $0.key < $1.key }.filter { $0.key != "key" }
        guard !fields.isEmpty else { throw .malformed("The body is empty; JSON was expected at line 1, column 1.") }
        return try unwrapped(fields.prefix(Payload.Limits.fields).map { (name: $0.key, value: $0.value) })
    }

    /// `payload=<JSON>` is the JSON. So is `%7B…%7D` without a name.
    private static func unwrapped(_ fields: [(name: String, value: String)]) throws(PayloadError) -> JSON {
        let wrappers: Set = ["payload", "data", "alert", "json", "body", "message", "event"]
        for field in fields where fields.count == 1 || wrappers.contains(field.name) {
            for text in [field.value, field.name] where looksLikeJSON(text) { return try container(Array(text.utf8)) }
        }
        var object = JSONObject()
        for field in fields { object[field.name] = .string(field.value) }
        return .object(object)
    }

    /// A text may begin with a bracket without being JSON: `[API] is down`. An array of alerts contains objects.
    private static func looksLikeJSON(_ text: String) -> Bool {
        let start = text.utf8.lazy.filter { $0 > 32 }.prefix(2)
        guard let first = start.first else { return false }
        return first == UInt8(ascii: "{") || first == UInt8(ascii: "[") && start.dropFirst().first == UInt8(ascii: "{")
    }
}
