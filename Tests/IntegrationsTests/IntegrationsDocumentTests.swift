import Formats
import Foundation
import Integrations
import Testing

@Suite struct IntegrationsDocumentTests {
    /// With PAGERPAL_WRITE_DOCS set, the text is written instead of compared.
    @Test func `the document matches the integrations`() throws {
        let file = Fixtures.root.appending(path: "docs/integrations.md")
        let document = try String(contentsOf: file, encoding: .utf8)
        let begin = try #require(document.firstRange(of: SendersDocument.begin))
        let end = try #require(document.firstRange(of: SendersDocument.end))
        let part = begin.upperBound..<end.lowerBound
        if ProcessInfo.processInfo.environment["PAGERPAL_WRITE_DOCS"] != nil {
            try document.replacingCharacters(in: part, with: SendersDocument.text)
                .write(to: file, atomically: true, encoding: .utf8)
        } else {
            #expect(
                document[part] == SendersDocument.text,
                "Run PAGERPAL_WRITE_DOCS=1 swift test --disable-xctest --filter IntegrationsDocumentTests.")
        }
    }

    @Test func `every integration has a unique name and describes itself fully`() {
        #expect(Set(Integrations.all.map { $0.kind }).count == Integrations.all.count)
        #expect(Set(Integrations.all.map { $0.title }).count == Integrations.all.count)
        for sender in Integrations.all {
            let fields = sender.fields
            for text in [fields.status, fields.key, fields.title, fields.text, fields.severity, fields.links] {
                #expect(!text.isEmpty && !text.contains("\n"), "\(sender.kind)")
            }
            let steps = sender.setup(url: "https://a.example.org/x", key: "k-1")
            #expect(!steps.isEmpty, "\(sender.kind)")
            #expect(steps.contains { $0.code?.contains("a.example.org") == true }, "\(sender.kind) names no address")
        }
    }

    @Test func `other spellings of a kind are known, unknown ones are not`() {
        let names = [
            ("uptime_kuma", "uptime-kuma"), ("UptimeKuma", "uptime-kuma"), ("icinga2", "nagios"),
            ("gcp", "gcp-monitoring"),
            ("grafana_legacy", "grafana"), ("home_assistant", "home-assistant"), ("azure_monitor", "azure-monitor"),
        ]
        for (name, kind) in names {
            #expect(Integrations.integration(for: name).map { type(of: $0).kind } == kind)
        }
        for alias in Integrations.aliases { #expect(Integrations.all.contains { $0.kind == alias.value }, "\(alias)") }
        #expect(Integrations.integration(for: "fax").map { type(of: $0).kind } == nil)
    }
}
