import Database
import Domain
import TestSupport
import Testing

@testable import Store

@Suite struct StoredDocumentTests {
    @Test func `unknown members are ignored`() throws {
        let text =
            #"{"version":1,"type":"resolved","by":{"kind":"system","name":"PagerPal","new":[1]},"resolved_at":5,"x":{}}"#
        #expect(try Incident.State(storedText: text) == .resolved(by: .system, at: Timestamp(microseconds: 5)))
    }

    @Test(arguments: [
        (#"{"version":2,"type":"resolved"}"#, "its version is 2, and this PagerPal knows versions up to 1"),
        (#"{"version":-1,"type":"resolved"}"#, "its version is -1"),
        (
            #"{"version":1,"type":"resolved","by":{"kind":"system","name":"x"}}"#,
            "resolved_at: a whole number was expected"
        ),
        (#"{"version":1,"type":"lost"}"#, "type: the word “lost” is not known"),
        (
            #"{"version":1,"type":"triggered","escalation":{"type":"due","due_at":1,"position":{"step":"one"}}}"#,
            "escalation.position.step: a whole number was expected, not a text"
        ),
        (#"{"lost":{}}"#, "the case “lost” is not known"),
        ("{", "line 1, column 2"),
    ])
    func `unreadable documents are named by their path`(text: String, explanation: String) {
        #expect { try Incident.State(storedText: text) } throws: { "\($0)".contains(explanation) }
    }

    @Test func `a fault in a list names its element`() {
        let text =
            #"{"version":1,"id":"p","name":"P","team_id":"t","steps":[{"targets":[{"type":"user"}],"delay_ms":1}]}"#
        #expect { try EscalationPolicy(storedText: text) } throws: {
            "\($0)" == "steps[0].targets[0].id: a text was expected and there is none"
        }
    }

    @Test func `durations are whole milliseconds, rounded up`() throws {
        for (microseconds, text) in [(0, "0"), (1, "1"), (1_000, "1"), (1_001, "2"), (-1_500, "-1")] {
            #expect(storedText(Duration.microseconds(microseconds)) == text)
        }
    }

    @Test(arguments: TestDatabase.available)
    func `the error names the row`(kind: TestDatabase) async throws {
        let fixture = try await StoreFixture(kind)
        let incident = try await fixture.open()
        try await fixture.store.database.run(
            "UPDATE incidents SET state_detail = '{\"version\":9}' WHERE id = \(incident.id)")
        await #expect {
            _ = try await fixture.store.incident(incident.id)
        } throws: {
            "\($0)".contains(
                "column state_detail of the row \(incident.id) in incidents can't be read: its version is 9")
        }
        await fixture.store.database.close()
    }
}
