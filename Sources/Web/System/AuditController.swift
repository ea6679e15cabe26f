internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /audit: who changed what in the configuration.
struct AuditController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/audit", .needs(.administer), show)
    }

    private func show(_ request: WebRequest) async throws -> Response {
        var filter = AuditFilter()
        filter.kind = ConfigurationSubject.Kind(rawValue: request.query("kind"))
        filter.action = AuditRecord.Action(rawValue: request.query("action"))
        filter.author = request.query("user").isEmpty ? nil : UserID(request.query("user"))
        if let kind = filter.kind, !request.query("id").isEmpty {
            filter.subject = ConfigurationSubject(kind, request.query("id"))
        }
        filter.before = request.query("before").isEmpty ? nil : AuditRecordID(request.query("before"))
        filter.limit = 25
        let records = try await services.store.audit(filter)
        let chosen = ["kind", "id", "action", "user"].map { (name: $0, value: request.query($0)) }
        let start = Path("/audit").with(chosen)
        let words = AuditWords(configuration: request.configuration, reader: request.reader)
        return request.show(
            AuditView(
                .init(
                    entries: records.map { entry($0, words, request.reader) },
                    filter: FormInput(Dictionary(chosen.map { ($0.name, [$0.value]) }, uniquingKeysWith: +)),
                    kinds: ConfigurationSubject.Kind.allCases.map { Field.Choice($0.rawValue, $0.words) },
                    people: choices(request.configuration.users.values.map { ($0.id.rawValue, $0.name) }),
                    subject: filter.subject.map { "\($0.kind.words) \(records.first?.name ?? $0.id)" },
                    exports: ["csv", "jsonl"].map { format in
                        let path: Path = format == "csv" ? "/api/v1/audit.csv" : "/api/v1/audit.jsonl"
                        return (format == "csv" ? "CSV" : "JSON lines", path.with(chosen))
                    },
                    newest: filter.before == nil ? nil : start,
                    older: records.count == filter.limit
                        ? records.last.map { start.with([("before", $0.id.rawValue)]) } : nil)))
    }

    private func entry(_ record: AuditRecord, _ words: AuditWords, _ reader: Reader) -> AuditView.Entry {
        let subject = record.subject
        return AuditView.Entry(
            author: record.author.name, via: record.author.via, action: record.action, kind: subject.kind.words,
            name: record.name,
            history: Path("/audit").with([("kind", subject.kind.rawValue), ("id", subject.id)]),
            at: reader.moment(record.at), note: record.note,
            differences: words.differences(from: record.before, to: record.after))
    }
}

extension ConfigurationSubject.Kind {
    /// The kind in words: `alert source`.
    var words: String { rawValue.replacing("-", with: " ") }
}
