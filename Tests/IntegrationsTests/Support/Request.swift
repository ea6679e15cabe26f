import Domain
import Formats
import Integrations
import Testing

/// A request with more than a body.
func decode(
    _ kind: String, _ body: String, headers: [String: String] = [:], query: [String: String] = [:],
    parameters: [String: String] = [:], options: SourceOptions = SourceOptions(),
    at now: Timestamp = Timestamp(seconds: 1_772_334_000), place: SourceLocation = #_sourceLocation
) throws -> Decoded {
    let sender = try #require(Integrations.integration(for: kind), sourceLocation: place)
    let payload = Payload(
        body: Array(body.utf8), headers: headers, query: query, parameters: parameters, id: "payload-1", receivedAt: now
    )
    return try sender.decode(payload, options: options)
}

/// A file in the fixtures directory, with its facts.
struct Fixture: Sendable, CustomTestStringConvertible {
    let path: String
    let kind: String
    let facts: [Facts]
    let place: SourceLocation

    init(_ path: String, _ kind: String, _ facts: Facts..., place: SourceLocation = #_sourceLocation) {
        (self.path, self.kind, self.facts, self.place) = (path, kind, facts, place)
    }

    var testDescription: String { path }

    /// Other tests check signatures.
    func check(parameters: [String: String] = [:]) throws {
        var payload = try Fixtures.payload(path)
        payload.parameters = parameters
        let sender = try #require(Integrations.integration(for: kind), sourceLocation: place)
        let decoded = try Trial(payload, sender: sender, options: SourceOptions()).result.get()
        #expect(decoded.events.count == facts.count, "\(decoded)", sourceLocation: place)
        for (event, facts) in zip(decoded.events, facts) { facts.check(event, place) }
    }
}
