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

/// The routes for senders: keys, kinds, encodings and responses, whatever the payload.
@Suite struct IntegrationScenarios {
    static let alertmanager = """
        {"version": "4", "status": "firing", "groupKey": "{}", "alerts": [
          {"status": "firing", "labels": {"alertname": "Down", "severity": "critical"}, "fingerprint": "f1"}]}
        """

    @Test(arguments: TestDatabase.available)
    func `a source of any kind accepts alerts at its own route and at the generic route`(kind: TestDatabase)
        async throws
    {
        try await TestApp.run(kind, team: { $0.source.kind = "alertmanager" }) { app in
            let first = try await app.send("POST", "/api/v1/alerts/alertmanager", IntegrationScenarios.alertmanager)
            #expect(first.status == 201, "\(first.json)")
            let second = try await app.send("POST", "/api/v1/alerts", IntegrationScenarios.alertmanager)
            #expect(second.status == 200)
            let third = try await app.send("PUT", "/api/v1/alerts/prometheus", IntegrationScenarios.alertmanager)
            #expect(third.json["status"]?.text == "updated", "\(third.json)")
            try await app.expectPages(["email ada@example.com"])
        }
    }

    @Test func `a generic source may use every route, and an unknown route lists the known ones`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            for sender in Integrations.all {
                let answer = try await app.send("POST", "/api/v1/alerts/\(sender.kind)", "{}")
                #expect([200, 201, 400, 403, 422].contains(answer.status), "\(sender.kind): \(answer.json)")
            }
            try await app.takePages()
            let unknown = try await app.send("POST", "/api/v1/alerts/nagiosaurus", "{}")
            #expect(unknown.status == 404)
            #expect(unknown.json["detail"]?.text?.contains("alertmanager") == true)
            #expect(try await app.send("GET", "/api/v1/alerts/grafana").status == 405)
        }
    }

    @Test func `a source that requires signatures can't be bypassed by another route`() async throws {
        let options: (inout TestTeam) -> Void = {
            $0.source.kind = "grafana"
            $0.source.options = #"{"secret": "shared with Grafana"}"#
        }
        try await TestApp.run(.sqliteMemory, team: options) { app in
            for path in ["/api/v1/alerts/alertmanager", "/api/v1/alerts"] {
                let answer = try await app.send("POST", path, IntegrationScenarios.alertmanager)
                #expect(answer.status == 403)
            }
        }
    }

    @Test func `refused keys are counted and not stored`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            for path in ["/api/v1/alerts", "/api/v1/alerts/grafana?key=wrong"] {
                let answer = try await app.send("POST", path, "{}", headers: [])
                #expect(answer.status == 401)
            }
            #expect(try await app.send("GET", "/api/v1/status").json["refused_keys"]?.text == "2")
            #expect(try await app.payloads().isEmpty)
        }
    }

    @Test func `compressed bodies are recognised by content and limited by their inflated size`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let body = Array(#"{"title": "Zipped", "external_id": "z"}"#.utf8)
            for (name, bytes) in [("gzip", gzip(body)), ("deflate", zlib(body)), ("deflate", deflated(body))] {
                let answer = try await app.post("/api/v1/alerts", bytes, [("Content-Encoding", name)])
                #expect([200, 201].contains(answer.status), "\(name)")
            }
            #expect(try await app.post("/api/v1/alerts", gzip(body)).status == 200)
            #expect(try await app.post("/api/v1/alerts", body, [("Content-Encoding", "gzip")]).status == 400)
            #expect(try await app.post("/api/v1/alerts", body, [("Content-Encoding", "br")]).status == 415)
            let bomb = gzip([UInt8](repeating: 32, count: 64 << 20))
            #expect(bomb.count < 100_000)
            #expect(try await app.post("/api/v1/alerts", bomb, [("Content-Encoding", "gzip")]).status == 413)
            let cut = Array(gzip(body).dropLast(9))
            #expect(try await app.post("/api/v1/alerts", cut, [("Content-Encoding", "gzip")]).status == 400)
            try await app.expectPages(["email ada@example.com"])
        }
    }

    @Test func `a byte order mark and a wrong content type don't matter`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let marked = [0xef, 0xbb, 0xbf] + Array(#"{"title": "x", "status": "resolved"}"#.utf8)
            for type in ["text/plain", "application/x-www-form-urlencoded", "image/png"] {
                let answer = try await app.post("/api/v1/alerts", marked, [("Content-Type", type)])
                #expect(answer.status == 200)
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `a source's last payloads show their outcome, without secrets`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            try await app.alert(
                #"{"title": "Disk", "external_id": "d", "labels": {"api_token": "s3cret", "host": "a"}}"#)
            try await app.expectPages(["email ada@example.com"])
            try await app.alert(#"[{"title": "Disk", "external_id": "d", "status": "resolved"}, {"severity": "bad"}]"#)
            _ = try await app.send("POST", "/api/v1/alerts", #"{"titel": "password=hunter2 \#(TestApp.key)"}"#)
            let payloads = try await app.payloads()
            #expect(payloads.map { $0["verdict"]?.text } == ["rejected", "taken", "taken"])
            #expect(payloads[0]["notes"]?.array?.first?.text?.contains("title") == true)
            #expect(payloads[1]["alerts"]?.array?.map { $0["status"]?.text } == ["resolved", "rejected"])
            #expect(payloads[1]["alerts"]?.array?[1]["reason"]?.text?.contains("title") == true)
            #expect(payloads[2]["alerts"]?.array?.first?["incident"]?.text == "1")
            #expect(payloads[2]["body"]?.text?.contains(#""host": "a""#) == true)
            for payload in payloads {
                for secret in ["s3cret", "hunter2", TestApp.key] {
                    #expect(payload["body"]?.text?.contains(secret) == false)
                }
            }
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the number and size of payloads kept per source are limited`(kind: TestDatabase) async throws {
        try await TestApp.run(kind) { app in
            for number in 0..<25 {
                try await app.alert(#"{"title": "Number \#(number)", "status": "resolved"}"#)
                if number == 10 { _ = try await app.payloads() }
            }
            let long = String(repeating: "x", count: 100_000)
            try await app.alert(#"{"title": "Long", "status": "resolved", "description": "\#(long)"}"#)
            let payloads = try await app.payloads()
            #expect(payloads.count == PayloadRecord.Limits.perSource)
            #expect(payloads.last?["body"]?.text?.contains("Number 6\"") == true)
            #expect(payloads[0]["body"]?.text?.utf8.count == PayloadRecord.Limits.body)
            #expect(payloads[0]["is_cut"]?.text == "true")
            #expect(try await app.send("GET", "/api/v1/alert-sources/nothing/payloads").status == 404)
            #expect(try await app.send("GET", "/api/v1/alert-sources/source/payloads", headers: []).status == 401)
        }
    }
}

extension TestApp {
    func payloads(of source: String = "source") async throws -> [JSON] {
        try await send("GET", "/api/v1/alert-sources/\(source)/payloads").json["items"]?.array ?? []
    }

    /// Posts bytes to a source's route.
    func post(
        _ path: String, _ body: [UInt8], _ headers: [(String, String)] = []
    ) async throws -> (status: Int, json: JSON) {
        let all = [("X-API-Key", TestApp.key)] + headers
        let response = try await CurlClient.forTests.perform(
            CurlRequest(
                url: "http://127.0.0.1:\(port)\(path)",
                kind: .http(method: "POST", headers: all.map { (name: $0.0, value: $0.1) }, body: body),
                timeout: .seconds(60)))
        return (response.status, (try? JSONParser.parse(response.body)) ?? .null)
    }
}

extension CurlClient {
    static let forTests = CurlClient()
}

/// Compresses with the system's gzip. A test of decompression bombs needs small input, and Foundation has no
/// compressor on Linux.
func gzip(_ bytes: [UInt8]) -> [UInt8] { run(["-c", "-n"], bytes) }

/// Compresses in zlib's format.
func zlib(_ bytes: [UInt8]) -> [UInt8] {
    var (low, high) = (1, 0)
    for byte in bytes {
        low = (low + Int(byte)) % 65_521
        high = (high + low) % 65_521
    }
    let check = [UInt8(high >> 8), UInt8(high & 255), UInt8(low >> 8), UInt8(low & 255)]
    return [0x78, 0x9c] + deflated(bytes) + check
}

/// Compresses without a header. gzip's header has ten bytes, its trailer eight.
func deflated(_ bytes: [UInt8]) -> [UInt8] { Array(gzip(bytes).dropFirst(10).dropLast(8)) }

private func run(_ arguments: [String], _ input: [UInt8]) -> [UInt8] {
    let folder = FileManager.default.temporaryDirectory.appending(path: "pagerpal-gzip-\(UUID())")
    defer { try? FileManager.default.removeItem(at: folder) }
    do {
        try Data(input).write(to: folder)
        let process = Process()
        process.executableURL = URL(filePath: "/bin/gzip")
        process.arguments = arguments + [folder.path()]
        let output = Pipe()
        process.standardOutput = output
        try process.run()
        let bytes = Array(try output.fileHandleForReading.readToEnd() ?? Data())
        process.waitUntilExit()
        return bytes
    } catch {
        return []
    }
}
