import Domain
import Formats
import Foundation
import Integrations
import TestSupport
import Testing

/// 20,000 broken payloads. Each is read or refused, and the result respects the limits of an alert.
@Suite struct MutationTests {
    struct Base: Sendable {
        let name: String
        let kind: String
        let body: [UInt8]
    }

    static let inputsPerSeed = 1_000

    /// The samples of the tests, and the fixtures if available. Large ones are skipped because they are slow.
    static let bases: [Base] = {
        let own = DetectionTests.all.map {
            Base(name: $0.testDescription, kind: $0.kind, body: Array($0.body.utf8))
        }
        return own + [Base(name: "mapping", kind: "mapping", body: Array(MappingTests.payload.utf8))] + fixtures
    }()

    private static let fixtures: [Base] = {
        guard let folder = Fixtures.folder, let walk = FileManager.default.enumerator(atPath: folder.path) else {
            return []
        }
        let paths = walk.compactMap { $0 as? String }.filter { !$0.hasSuffix(".headers") && !$0.hasSuffix(".md") }
            .sorted()
        return paths.compactMap { path in
            guard let body = try? Data(contentsOf: folder.appending(path: path)), (1...30_000).contains(body.count)
            else {
                return nil
            }
            return Base(name: path, kind: kind(of: String(path.prefix { $0 != "/" })), body: Array(body))
        }
    }()

    private static func kind(of folder: String) -> String {
        switch folder {
        case "aws_sns": "cloudwatch"
        case "pagerduty_events", "pagerduty_webhook": "pagerduty"
        case "edge": "alertmanager"
        default: Integrations.integration(for: folder) == nil ? "generic" : folder
        }
    }

    @Test(.timeLimit(.minutes(30)), arguments: 1...20)
    func `any mutation is read or refused`(seed: UInt64) async throws {
        var mutation = Mutation(seed: seed)
        for number in 0..<Self.inputsPerSeed {
            // Other tests wait for their turn on the same threads, and measure it.
            await Task.yield()
            let base = mutation.pick(Self.bases)
            let bytes = mutation.mutated(base.body, with: mutation.pick(Self.bases).body)
            // Mostly the sender's own route, sometimes another, as people confuse them.
            let kind = mutation.int(4) > 0 ? base.kind : mutation.pick(Integrations.all).kind
            let place: Comment = "seed \(seed), input \(number): \(base.name) as \(kind)"
            let sender = try #require(Integrations.integration(for: kind), place)
            var payload = Payload(body: bytes, id: "p", receivedAt: Timestamp(seconds: 1_772_334_000))
            if mutation.int(10) == 0 { payload.parameters = ["identifier": base.name, "action": "close"] }
            let options = SourceOptions(
                mapping: Mapping(items: "checks", title: "{host}: {check.name}", labels: ["host"]))
            // Errors are typed: only a `PayloadError` can be thrown.
            guard case .success(let decoded) = Trial(payload, sender: sender, options: options).result else { continue }
            for fault in Self.faults(of: decoded) { Issue.record("\(fault) (\(place))") }
        }
    }

    /// Returns which limits of an alert are exceeded.
    static func faults(of decoded: Decoded) -> [String] {
        var faults: [String] = []
        func check(_ holds: Bool, _ rule: String) { if !holds { faults.append(rule) } }
        check(decoded.entries.count <= Payload.Limits.events, "too many entries")
        check(!decoded.entries.isEmpty || !decoded.notes.isEmpty, "nothing, and no reason why")
        for event in decoded.events {
            check(!event.title.isEmpty && event.title.count <= AlertEvent.Limits.title, "title's length")
            check(!event.title.contains { $0.isNewline }, "title of several lines")
            check(event.text.count <= AlertEvent.Limits.text, "text's length")
            check(event.labels.count <= AlertEvent.Limits.labels, "number of labels")
            check(
                event.labels.allSatisfy { max($0.key.count, $0.value.count) <= AlertEvent.Limits.label },
                "label's length")
            check(event.links.count <= AlertEvent.Limits.links, "number of links")
            check(event.links.allSatisfy { $0.url.lowercased().hasPrefix("http") }, "link's scheme")
            check((1...255).contains(event.dedupKey.rawValue.unicodeScalars.count), "key's length")
            let texts = [event.title, event.text, event.dedupKey.rawValue] + event.labels.map { $0.key + $0.value }
            check(!texts.contains { $0.unicodeScalars.contains("\0") }, "NUL")
        }
        return faults
    }
}
