internal import Domain
internal import Store

extension SourceView.Payload {
    /// The maximum number of characters of a body to show. Stored bodies may be long, and the web page shows several.
    private static let shown = 1_200

    /// Why an alert that was taken paged nobody.
    private static func why(_ status: String) -> String {
        status == "updated" ? ", which was open already: nobody is paged again unless the severity rises" : ""
    }

    /// A payload as the web page of its source shows it.
    init(_ payload: PayloadRecord, _ reader: Reader) {
        let (tone, verdict): (Tone, String) =
            switch payload.verdict {
            case .taken: (.good, "accepted")
            case .rejected: (.bad, "refused")
            case .failed: (.bad, "not stored, to be sent again")
            }
        let entries = payload.results.entries.prefix(5).map { entry in
            let incident = entry.incident.map { " incident #\($0)" } ?? ""
            let reason = entry.reason.map { ": \($0)" } ?? Self.why(entry.status)
            return "\(entry.title ?? "An alert"): \(entry.status)\(incident)\(reason)"
        }
        let body = String(decoding: payload.body.prefix(SourceView.Payload.shown), as: UTF8.self)
        self.init(
            at: reader.moment(payload.receivedAt), tone: tone,
            verdict: "\(verdict), \(payload.size) bytes", results: entries + payload.results.notes.prefix(5),
            body: payload.size > SourceView.Payload.shown ? body + "…" : body)
    }
}
