import Domain
import Foundation
import TestSupport
import Testing

@testable import Store

/// Files in Golden/ pin every stored form. docs/stored-forms.md explains how to change one.
@Suite struct GoldenFormTests {
    @Test(arguments: GoldenSample.all)
    func `writing a value gives its file, and reading the file gives the value`(sample: GoldenSample) throws {
        guard let golden = try? String(contentsOf: sample.file, encoding: .utf8) else {
            if ProcessInfo.processInfo.environment["PAGERPAL_WRITE_GOLDEN"] != nil {
                try FileManager.default.createDirectory(
                    at: sample.file.deletingLastPathComponent(), withIntermediateDirectories: true)
                try Data((sample.text + "\n").utf8).write(to: sample.file)
            }
            Issue.record("Golden/\(sample.name).json is missing. Set PAGERPAL_WRITE_GOLDEN to have new files written.")
            return
        }
        #expect(sample.text + "\n" == golden)
        #expect(try sample.isRead(golden))
    }

    /// Values whose members came later have no such file.
    @Test(arguments: GoldenSample.all.filter { FileManager.default.fileExists(atPath: $0.unversionedFile.path) })
    func `what was written before documents had versions is read as the same value`(sample: GoldenSample) throws {
        let old = try String(contentsOf: sample.unversionedFile, encoding: .utf8)
        #expect(try sample.isRead(old))
        if let current = sample.current { #expect(try current(old) == sample.text) }
    }

    @Test func `every golden file belongs to a value`() throws {
        let files = try #require(
            FileManager.default.enumerator(at: GoldenSample.folder, includingPropertiesForKeys: nil))
        let found = files.compactMap { $0 as? URL }.filter { $0.pathExtension == "json" }.map(
            \.standardizedFileURL.path)
        let wanted = GoldenSample.all.flatMap { [$0.file, $0.unversionedFile] }.map(\.standardizedFileURL.path)
        #expect(Set(found).subtracting(wanted) == [])
    }

    @Test(arguments: [
        ("incident-state", words(Incident.State.StoredType.self)),
        ("incident-state", words(Incident.Escalation.StoredType.self)),
        ("timeline-event", words(TimelineEntry.Event.StoredType.self)),
        ("escalation-policy", words(EscalationPolicy.Target.StoredType.self)),
        ("escalation-policy", words(EscalationPolicy.FinalAction.StoredType.self)),
        ("schedule", words(Schedule.Rotation.Unit.self)),
        ("schedule", words(Schedule.Override.Change.StoredType.self)),
        ("heartbeat", words(Heartbeat.Rhythm.StoredType.self)),
        ("maintenance-window", words(MaintenanceWindow.Span.StoredType.self)),
        ("message-template", words(MessageTemplate.Use.self)),
        ("message-template", words(MessageTemplate.Language.self)),
    ])
    func `every case has a golden value`(folder: String, words: [String]) {
        let texts = GoldenSample.all.filter { $0.name.hasPrefix("\(folder)/") }.map(\.text).joined()
        for word in words { #expect(texts.contains("\"\(word)\""), "no value in \(folder) has \(word)") }
    }

    private static func words<Word: StoredWord & CaseIterable>(_ type: Word.Type) -> [String] {
        type.allCases.map(\.rawValue)
    }
}
