internal import Domain
internal import Pages
internal import Store

extension SourcePage.Payload {
    /// Characters of a body that a page shows: what is kept may be long, and there are several.
    private static let shown = 1_200

    /// A payload as its source's page shows it.
    init(_ payload: PayloadRecord, _ reader: Reader) {
        let (wellbeing, verdict): (Wellbeing, String) =
            switch payload.verdict {
            case .taken: (.good, "taken")
            case .rejected: (.bad, "refused")
            case .failed: (.bad, "not stored, to be sent again")
            }
        let entries = payload.results.entries.prefix(5).map { entry in
            let incident = entry.incident.map { " incident #\($0)" } ?? ""
            let reason = entry.reason.map { ": \($0)" } ?? ""
            return "\(entry.title ?? "An alert"): \(entry.status)\(incident)\(reason)"
        }
        let body = String(decoding: payload.body.prefix(SourcePage.Payload.shown), as: UTF8.self)
        self.init(
            at: reader.moment(payload.receivedAt), wellbeing: wellbeing,
            verdict: "\(verdict), \(payload.size) bytes", results: entries + payload.results.notes.prefix(5),
            body: payload.size > SourcePage.Payload.shown ? body + "…" : body)
    }
}
