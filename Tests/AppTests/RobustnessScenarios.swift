import Actors
import Domain
import Formats
import Foundation
import Integrations
import Providers
import Store
import TestSupport
import Testing

@testable import App

/// Whatever is posted, the running application answers, and never with a server error.
@Suite struct RobustnessScenarios {
    static let fetch: Subscriptions.Fetch = { _, _ in Array("no certificate".utf8) }

    /// The statuses of files that must be refused. All other files are accepted.
    static let refused: [String: Int] = [
        "empty_body.txt": 400, "gzip_header_but_plain.json": 400, "json_null.json": 400, "trailing_garbage.json": 400,
        "truncated_json.json": 400,
    ]

    @Test(
        .enabled(if: FixtureFolder.url != nil, Comment(rawValue: FixtureFolder.missing)), arguments: TestDatabase.kinds)
    func `every odd body is accepted or refused correctly, and stored as text`(kind: TestDatabase) async throws {
        let folder = try #require(FixtureFolder.url).appending(path: "edge")
        let names = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            .filter { !$0.hasSuffix(".headers") && !$0.hasSuffix(".md") }.sorted()
        try await TestApp.run(kind) { app in
            for name in names {
                let body = Array(try Data(contentsOf: folder.appending(path: name)))
                let head = try? String(contentsOf: folder.appending(path: "\(name).headers"), encoding: .utf8)
                let headers = (head ?? "").split(whereSeparator: \.isNewline).dropFirst().compactMap { line in
                    line.firstIndex(of: ":").map { colon in
                        (String(line[..<colon]), line[line.index(after: colon)...].trimmingBlanks())
                    }
                }
                for path in ["/api/v1/alerts/alertmanager", "/api/v1/alerts"] {
                    let answer = try await app.post(path, body, headers)
                    if let status = RobustnessScenarios.refused[name] {
                        #expect(answer.status == status, "\(name) at \(path): \(answer.json)")
                    } else {
                        #expect((200..<500).contains(answer.status), "\(name) at \(path): \(answer.json)")
                    }
                }
            }
            try await RobustnessScenarios.resolveAll(app)
            let titles = try await app.incidents().compactMap { $0["title"]?.text }
            #expect(!titles.isEmpty)
            #expect(titles.allSatisfy { !$0.isEmpty && $0.count <= AlertEvent.Limits.title && !$0.contains("\0") })
        }
    }

    @Test(.timeLimit(.minutes(30)), arguments: TestDatabase.kinds, [41, 42] as [UInt64])
    func `broken payloads never cause a server error on any route`(kind: TestDatabase, seed: UInt64) async throws {
        let requests = RobustnessScenarios.requests(seed: seed, count: 400)
        try await TestApp.run(kind, fetch: RobustnessScenarios.fetch) { app in
            try await withThrowingTaskGroup(of: Void.self) { group in
                for lane in 0..<8 {
                    group.addTask {
                        for number in stride(from: lane, to: requests.count, by: 8) {
                            let (path, body, headers) = requests[number]
                            let answer = try await app.post(path, body, headers)
                            #expect((200..<500).contains(answer.status), "seed \(seed), input \(number) at \(path)")
                        }
                    }
                }
                try await group.waitForAll()
            }
            let health = try await app.send("GET", "/health")
            #expect(health.status == 200)
            #expect(try await app.payloads().count == PayloadRecord.Limits.perSource)
            try await RobustnessScenarios.resolveAll(app)
        }
    }

    /// Bodies of the fixtures or our own, mutated and sent to any route. The same seed gives the same requests.
    static func requests(seed: UInt64, count: Int) -> [(path: String, body: [UInt8], headers: [(String, String)])] {
        var mutation = Mutation(seed: seed)
        let samples = samples
        let paths =
            Integrations.all.map { "/api/v1/alerts/\($0.kind)" } + [
                "/api/v1/alerts", "/v2/enqueue", "/v2/change/enqueue", "/v2/alerts", "/v2/alerts/x/close",
                "/v2/alerts/%00%ff/notes?identifierType=tiny", "/generic/2010-04-15/create_event.json",
            ]
        return (0..<count).map { _ in
            let body = mutation.mutated(mutation.pick(samples), with: mutation.pick(samples))
            let headers = mutation.pick([
                [], [("Content-Type", "application/json")], [("Content-Type", "multipart/form-data; boundary=x")],
                [("Content-Encoding", "gzip")], [("Content-Encoding", "deflate")], [("X-GitHub-Event", "workflow_run")],
                [("x-amz-sns-message-type", "Notification")],
            ])
            return (mutation.pick(paths), body, headers)
        }
    }

    private static let samples: [[UInt8]] = {
        let own = [
            IntegrationScenarios.alertmanager,
            #"{"title": "x", "labels": {"a": "b"}, "starts_at": "2026-03-04T12:00:00Z"}"#,
            #"[{"title": "x"}, {"title": "y", "status": "resolved"}]"#, "payload=%7B%22title%22%3A%22x%22%7D",
            #"{"routing_key": "\#(TestApp.key)", "event_action": "trigger", "payload": {"summary": "x", "source": "y"}}"#,
        ].map { Array($0.utf8) }
        guard let folder = FixtureFolder.url, let walk = FileManager.default.enumerator(atPath: folder.path) else {
            return own
        }
        let paths = walk.compactMap { $0 as? String }.filter { !$0.hasSuffix(".headers") && !$0.hasSuffix(".md") }
        return own
            + paths.sorted().compactMap { try? Data(contentsOf: folder.appending(path: $0)) }
            .filter { (1...30_000).contains($0.count) }.map { Array($0) }
    }()

    /// Resolves all incidents, so that nothing is due any more.
    static func resolveAll(_ app: TestApp) async throws {
        try await app.takePages()
        for incident in try await app.incidents() where incident["state"]?.text != "resolved" {
            try await app.act("resolve", on: Int(incident["number"]?.text ?? "") ?? 0)
        }
        try await app.takePages()
    }
}

extension TestApp {
    /// All incidents from all pages of the list.
    func incidents() async throws -> [JSON] {
        var (all, cursor): ([JSON], String?) = ([], "")
        while let from = cursor {
            let page = try await send("GET", "/api/v1/incidents?limit=200" + (from.isEmpty ? "" : "&cursor=\(from)"))
                .json
            all += page["items"]?.array ?? []
            cursor = page["next"]?.text
        }
        return all
    }
}
