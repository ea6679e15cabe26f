import Domain
import Formats
import Foundation
import Integrations
import TestSupport
import Testing

/// The facts to extract from one alert of a payload. Times and texts are compared only if a test names them. For a link
/// or key that ends in `…`, only the part before it is compared.
struct Facts: Sendable {
    var status: AlertEvent.Status
    var title: String
    /// Nil means derived from the title.
    var key: String?
    var severity: Severity?
    var links: [String]
    var starts: String?
    var ends: String?
    /// A part of the text.
    var says: String?

    init(
        _ status: AlertEvent.Status, _ title: String, key: String? = nil, _ severity: Severity? = nil,
        links: [String] = [], starts: String? = nil, ends: String? = nil, says: String? = nil
    ) {
        self.status = status
        self.title = title
        self.key = key
        self.severity = severity
        self.links = links
        self.starts = starts
        self.ends = ends
        self.says = says
    }

    func check(_ event: AlertEvent, _ place: SourceLocation) {
        #expect(event.status == status, sourceLocation: place)
        #expect(event.title == title, sourceLocation: place)
        let found = event.dedupKey.rawValue
        if let key {
            #expect(isSame(found, key), "\(found) is not \(key)", sourceLocation: place)
        } else {
            #expect(found.hasPrefix("derived:2-"), "\(found) is not derived", sourceLocation: place)
        }
        #expect(event.severity == severity, sourceLocation: place)
        let urls = event.links.map(\.url)
        #expect(
            urls.count == links.count && zip(urls, links).allSatisfy(isSame), "\(urls) are not \(links)",
            sourceLocation: place)
        if let starts { #expect(event.startsAt?.rfc3339 == starts, sourceLocation: place) }
        if let ends { #expect(event.endsAt?.rfc3339 == ends, sourceLocation: place) }
        if let says { #expect(event.text.contains(says), "\(event.text)", sourceLocation: place) }
    }

    private func isSame(_ found: String, _ expected: String) -> Bool {
        expected.hasSuffix("…") ? found.hasPrefix(expected.dropLast()) : found == expected
    }
}

/// A payload written for the tests, with its facts.
struct Sample: Sendable, CustomTestStringConvertible {
    var name: String
    var kind: String
    var body: String
    var query: [String: String]
    var options: SourceOptions
    var facts: [Facts]
    var place: SourceLocation

    init(
        _ name: String, _ kind: String, _ body: String, query: [String: String] = [:],
        options: SourceOptions = SourceOptions(), _ facts: Facts..., place: SourceLocation = #_sourceLocation
    ) {
        self.name = name
        self.kind = kind
        self.body = body
        self.query = query
        self.options = options
        self.facts = facts
        self.place = place
    }

    var testDescription: String { "\(kind): \(name)" }

    func check() throws {
        let sender = try #require(Integrations.integration(for: kind), sourceLocation: place)
        let payload = Payload(body: Array(body.utf8), query: query, receivedAt: Timestamp(seconds: 1_800_000_000))
        let events = try sender.decode(payload, options: options).events
        #expect(events.count == facts.count, "\(events)", sourceLocation: place)
        for (event, facts) in zip(events, facts) { facts.check(event, place) }
    }
}

/// Recorded payloads of real senders. They are not part of the repository, so a plain checkout has none.
enum Fixtures {
    static let folder = FixtureFolder.url

    /// The root of the repository.
    static let root = FixtureFolder.root

    static let missing = Comment(rawValue: FixtureFolder.missing)

    /// Returns a file's payload, with headers from the file next to it.
    static func payload(_ path: String) throws -> Payload {
        let file = try #require(folder).appending(path: path)
        var headers: [String: String] = [:]
        let lines = (try? String(contentsOf: URL(filePath: file.path + ".headers"), encoding: .utf8)) ?? ""
        for line in lines.split(whereSeparator: \.isNewline).dropFirst() {
            let parts = line.split(separator: ":", maxSplits: 1)
            if parts.count == 2 { headers[parts[0].lowercased()] = parts[1].trimmingBlanks() }
        }
        return Payload(
            body: Array(try Data(contentsOf: file)), contentType: headers["content-type"], headers: headers,
            receivedAt: Timestamp(seconds: 1_800_000_000))
    }
}
