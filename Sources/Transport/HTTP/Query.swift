internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations

/// A comma-separated list of words that mean something.
func words<Value>(_ text: Substring?, _ field: String, _ read: (String) -> Value?) throws -> [Value] {
    try (text ?? "").split(separator: ",").map { word in
        guard let value = read(String(word)) else {
            throw APIProblem.invalid(field, "“\(word.prefix(50))” is not known.")
        }
        return value
    }
}

/// An instant of the query.
func instant(_ text: Substring?, _ field: String) throws -> Timestamp? {
    guard let text, !text.isEmpty else { return nil }
    guard let instant = Timestamp(accepting: text) else {
        throw APIProblem.invalid(field, "Write it as 2026-03-01T03:00:00Z.")
    }
    return instant
}

/// A number of the query within its bounds.
func number(_ text: Substring?, _ field: String, in range: ClosedRange<Int>) throws -> Int? {
    guard let text, !text.isEmpty else { return nil }
    guard let number = Int(text), range.contains(number) else {
        let upper = range.upperBound == Int.max ? "" : " to \(range.upperBound)"
        throw APIProblem.invalid(field, "Write a number from \(range.lowerBound)\(upper).")
    }
    return number
}

/// The body of a request of the API; an empty one is an empty object.
func json(of request: Request) async throws -> JSON {
    let body = try await request.payloadBody()
    guard !body.isEmpty else { return .object(JSONObject()) }
    do {
        return try JSONParser.parse(body)
    } catch {
        throw PayloadError.malformed("\(error).")
    }
}
