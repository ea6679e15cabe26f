import Domain
import Formats
import Foundation
import Integrations
import Testing

/// Recorded payloads of real senders, with the facts that must be extracted from them.
@Suite(.enabled(if: Fixtures.folder != nil, Fixtures.missing))
struct FixtureTests {
    static let all = alertmanager + grafana + others

    @Test(arguments: all)
    func `every payload is read by its sender`(fixture: Fixture) throws { try fixture.check() }

    /// People use a generic source for senders that they do not find in the list.
    @Test(arguments: all)
    func `the generic route reads it as well`(fixture: Fixture) throws {
        // Custom templates have no title under a common name. The 422 lists the names that were tried.
        let own = ["alertmanager/v4_custom_payload.json", "grafana/v12_custom_payload_kafka.json"]
        guard !own.contains(fixture.path) else { return }
        var payload = try Fixtures.payload(fixture.path)
        payload.headers = [:]
        let events = try GenericIntegration.decode(payload).events
        #expect(events.map(\.status) == fixture.facts.map(\.status), sourceLocation: fixture.place)
    }

    @Test func `no payload of these folders is left out`() throws {
        let known = Set(Self.all.map(\.path))
        let files = FileManager.default
        for folder in Set(known.map { String($0.prefix { $0 != "/" }) }) {
            let names = try files.contentsOfDirectory(atPath: try #require(Fixtures.folder).path + "/" + folder)
            for name in names where !name.hasSuffix(".headers") && !name.hasSuffix(".md") {
                #expect(known.contains("\(folder)/\(name)"))
            }
        }
    }
}
