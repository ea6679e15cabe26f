import Domain
import Foundation
import TestSupport
import Testing

@testable import Store

/// A value and its file in Golden/.
struct GoldenSample: Sendable, CustomTestStringConvertible {
    /// `incident-state/triggered-due`
    let name: String
    /// The text that is written today.
    let text: String
    /// Whether a text reads back as the value.
    let isRead: @Sendable (String) throws -> Bool
    /// The document in its current version. Nil for a value without a version.
    let current: (@Sendable (String) throws -> String)?

    var testDescription: String { name }

    init<Document: StoredDocument & Equatable>(_ folder: String, _ name: String, _ value: Document) {
        self.name = "\(folder)/\(name)"
        text = value.storedText
        isRead = { try Document(storedText: $0) == value }
        current = { try Document.current($0) }
    }

    init<Value: StoredValue & Equatable>(list folder: String, _ name: String, _ value: Value) {
        self.name = "\(folder)/\(name)"
        text = storedText(value)
        isRead = { try Value(storedValueText: $0) == value }
        current = nil
    }

    var file: URL { GoldenSample.folder.appending(path: "\(name).json") }
    /// The output of the synthesized `Codable` of commit 7d58ee6.
    var unversionedFile: URL { GoldenSample.folder.appending(path: "unversioned/\(name).json") }

    static let folder = FixtureFolder.root.appending(path: "Tests/StoreTests/Golden")

    static let all: [GoldenSample] =
        GoldenValues.authors.map { GoldenSample("author", $0, $1) }
        + GoldenValues.states.map { GoldenSample("incident-state", $0, $1) }
        + GoldenValues.deeds.map { GoldenSample("deed", $0, $1) }
        + GoldenValues.events.map { GoldenSample("timeline-event", $0, $1) }
        + GoldenValues.policies.map { GoldenSample("escalation-policy", $0, $1) }
        + GoldenValues.schedules.map { GoldenSample("schedule", $0, $1) }
        + GoldenValues.heartbeats.map { GoldenSample("heartbeat", $0, $1) }
        + GoldenValues.teamChannels.map { GoldenSample("team-channel", $0, $1) }
        + GoldenValues.templates.map { GoldenSample("message-template", $0, $1) }
        + GoldenValues.windows.map { GoldenSample("maintenance-window", $0, $1) }
        + GoldenValues.alerts.map { GoldenSample("grouped-alerts", $0, GroupedAlerts($1)) }
        + GoldenValues.links.map { GoldenSample(list: "links", $0, $1) }
        + GoldenValues.teams.map { GoldenSample("team", $0, $1) }
        + GoldenValues.users.map { GoldenSample("user", $0, $1) }
        + GoldenValues.contactMethods.map { GoldenSample("contact-method", $0, $1) }
        + GoldenValues.rules.map { GoldenSample("notification-rules", $0, NotificationRules($1)) }
        + GoldenValues.sources.map { GoldenSample("alert-source", $0, $1) }
        + [GoldenSample("payload-results", "mixed", mixedResults)]

    private static var mixedResults: PayloadRecord.Results {
        var results = PayloadRecord.Results()
        results.counts = ["created": 1, "rejected": 1]
        results.entries = [
            .init(status: "created", title: "Disk full", dedupKey: "db-1", incident: 7, reason: nil),
            .init(status: "rejected", title: nil, dedupKey: nil, incident: nil, reason: "The title is missing."),
        ]
        results.notes = ["Read as a payload of Grafana."]
        return results
    }
}
