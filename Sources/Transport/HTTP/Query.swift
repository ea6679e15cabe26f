internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations

/// Parses a comma-separated list of known words.
func words<Value>(_ text: Substring?, _ field: String, _ read: (String) -> Value?) throws -> [Value] {
    try (text ?? "").split(separator: ",").map { word in
        guard let value = read(String(word)) else {
            throw APIProblem.invalid(field, "“\(word.prefix(50))” is not known.")
        }
        return value
    }
}

/// Parses an instant in the query.
func instant(_ text: Substring?, _ field: String) throws -> Timestamp? {
    guard let text, !text.isEmpty else { return nil }
    guard let instant = Timestamp(accepting: text) else {
        throw APIProblem.invalid(field, "Write it as 2026-03-01T03:00:00Z.")
    }
    return instant
}

/// Parses a number in the query and checks its range.
func number(_ text: Substring?, _ field: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text, !text.isEmpty else { return nil }
    guard let number = Int(text), range.contains(number) else {
        let upper = range.upperBound == Int.max ? "" : " to \(range.upperBound)"
        throw APIProblem.invalid(field, "Write a number from \(range.lowerBound)\(upper).")
    }
    return number
}

/// Parses the body of an API request. An empty body counts as an empty object.
func json(of request: Request) async throws -> JSON {
    let body = try await request.payloadBody()
    guard !body.isEmpty else { return .object(JSONObject()) }
    do {
        return try JSONParser.parse(body)
    } catch {
        throw PayloadError.malformed("\(error).")
    }
}
