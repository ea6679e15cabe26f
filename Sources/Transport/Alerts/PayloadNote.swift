internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations
internal import Store

/// Keeps the beginning of a payload until its result is known, then creates the record.
struct PayloadNote: Sendable {
    private let payload: Payload
    private let size: Int
    private let sourceID: SourceID
    private let kind: String
    private let key: String

    /// - Parameter key: the source's key, which is redacted.
    init(_ payload: Payload, of source: AlertSource, kind: String, key: String) {
        var start = payload
        // A secret may cross the limit, so search a little more than is kept.
        start.body = Array(payload.body.prefix(PayloadRecord.Limits.body + 1_024))
        self.payload = start
        size = payload.body.count
        sourceID = source.id
        self.kind = kind
        self.key = key
    }

    /// Creates the record of a payload whose alerts were stored or rejected one by one.
    func record(of taken: IngestResult) -> PayloadRecord {
        var record = record(taken.verdict)
        record.results.notes = taken.decoded.notes.prefix(20).map(short)
        for (entry, outcome) in zip(taken.decoded.entries, taken.outcomes) {
            record.results.counts[outcome.word, default: 0] += 1
            guard record.results.entries.count < PayloadRecord.Limits.entries else { continue }
            var event: AlertEvent?
            if case .event(let found) = entry { event = found }
            let faults = outcome.faults.map { "\($0.field): \($0.explanation)" }.joined(separator: " ")
            record.results.entries.append(
                PayloadRecord.Entry(
                    status: outcome.word, title: event?.title, dedupKey: event?.dedupKey.rawValue,
                    keyParts: event?.keyParts ?? [],
                    incident: outcome.incident?.number,
                    reason: (outcome.reason ?? (faults.isEmpty ? nil : faults)).map(short)))
        }
        return record
    }

    /// Creates the record of a payload that was refused or could not be stored.
    func record(of problem: APIProblem) -> PayloadRecord {
        var record = record(problem.verdict)
        record.results.notes = [short(problem.detail)]
        return record
    }

    private func record(_ verdict: PayloadRecord.Verdict) -> PayloadRecord {
        let bytes = payload.body.isEmpty ? Array(payload.queryText.utf8) : payload.body
        let text = Redaction.text(of: bytes, without: [key])
        return PayloadRecord(
            id: ID(payload.id), sourceID: sourceID, receivedAt: payload.receivedAt, kind: String(kind.prefix(50)),
            contentType: payload.contentType.map(short), userAgent: payload.headers["user-agent"].map(short),
            size: size, body: Array(text.utf8.prefix(PayloadRecord.Limits.body)), verdict: verdict)
    }

    private func short(_ text: String) -> String {
        String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value != 0 }))
            .prefix(PayloadRecord.Limits.text).description
    }
}

extension APIProblem {
    var verdict: PayloadRecord.Verdict { status.code >= 500 ? .failed : .rejected }
}

extension Payload {
    /// The query as text, for requests without a body.
    fileprivate var queryText: String {
        query.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: "&")
    }
}
