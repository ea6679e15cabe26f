internal import Domain
internal import Foundation
internal import Logging

/// Writes each log record as one line to standard error: readable text, or JSON for collectors.
struct LineLogHandler: LogHandler {
    var metadata: Logger.Metadata = [:]
    var metadataProvider: Logger.MetadataProvider?
    var logLevel: Logger.Level
    private let format: Settings.LogFormat
    private let now: @Sendable () -> Timestamp

    init(level: Logger.Level, format: Settings.LogFormat, now: @escaping @Sendable () -> Timestamp) {
        logLevel = level
        self.format = format
        self.now = now
    }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let all = metadata.merging(metadataProvider?.get() ?? [:]) { $1 }.merging(event.metadata ?? [:]) { $1 }
        let fields = all.sorted { $0.key < $1.key }.map { ($0.key, "\($0.value)") }
        let line =
            switch format {
            case .text:
                "\(now().rfc3339) \(event.level.rawValue) \(clean("\(event.message)"))"
                    + fields.map { " \($0.0)=\(clean($0.1))" }.joined()
            case .json: json(event, fields)
            }
        StandardError.write(line)
    }

    private func json(_ event: LogEvent, _ fields: [(String, String)]) -> String {
        var object = Dictionary(fields) { $1 }
        object["time"] = now().rfc3339
        object["level"] = event.level.rawValue
        object["message"] = "\(event.message)"
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return (try? encoder.encode(object)).map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }

    /// Removes line breaks, so that text from outside can't forge a log record.
    private func clean(_ text: String) -> String {
        String(text.map { $0.isNewline ? " " : $0 })
    }
}
