internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Store

/// GET /api/v1/audit: who changed what and when, with the values before and after.
struct AuditRoutes: Sendable {
    struct Answer: Encodable {
        let id, at, author: String
        let via: String?
        let action, subjectKind, subjectId, subjectName: String
        /// JSON text.
        let before, after: String?
        let note: String?

        init(_ record: AuditRecord) {
            id = record.id.rawValue
            at = record.at.rfc3339
            author = record.author.name
            via = record.author.via
            action = record.action.rawValue
            subjectKind = record.subject.kind.rawValue
            subjectId = record.subject.id
            subjectName = record.name
            before = record.before
            after = record.after
            note = record.note
        }
    }

    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.get, "/api/v1/audit", .needs(.administer)) { request, _ in try await list(request) }
        for format in AuditExport.Format.allCases {
            routes.on(.get, "/api/v1/audit.\(format.rawValue)", .needs(.administer)) { request, context in
                try await export(request, try context.signedIn, format)
            }
        }
    }

    private func list(_ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        var filter = try filter(query)
        filter.before = query["cursor"].map { AuditRecordID(String($0)) }
        filter.limit = try number(query["limit"], "limit", in: 1...200) ?? 50
        let records = try await services.store.audit(filter)
        let next = records.count == filter.limit ? records.last?.id.rawValue : nil
        return .json(ListAnswer(items: records.map(Answer.init), next: next))
    }

    /// The records that the page's filters select.
    private func filter(_ query: Query) throws -> AuditFilter {
        var filter = AuditFilter()
        filter.kind = try words(query["kind"], "kind") { ConfigurationSubject.Kind(rawValue: $0) }.first
        if let kind = filter.kind, let id = query["id"], !id.isEmpty { filter.subject = .init(kind, String(id)) }
        filter.action = try words(query["action"], "action") { AuditRecord.Action(rawValue: $0) }.first
        filter.author = query["user"].flatMap { $0.isEmpty ? nil : UserID(String($0)) }
        return filter
    }

    /// Sends all records, the newest first, page by page, so that a long log needs little memory.
    private func export(_ request: Request, _ caller: Caller, _ format: AuditExport.Format) async throws -> Response {
        let (store, export) = (services.store, AuditExport(format))
        var wanted = try filter(request.uri.queryParameters)
        wanted.limit = AuditExport.page
        let filter = wanted
        // What fails here still gets a proper answer.
        let first = try await store.audit(filter)
        try await services.accounts.trail.note("the audit log was exported", about: caller.user, by: caller.author)
        let body = ResponseBody { writer in
            try await writer.write(ByteBuffer(string: export.header))
            var (filter, records) = (filter, first)
            while let last = records.last {
                try await writer.write(ByteBuffer(string: records.map { export.line(Answer($0)) }.joined()))
                guard records.count == filter.limit else { break }
                filter.before = last.id
                records = try await store.audit(filter)
            }
            try await writer.finish(nil)
        }
        return Response(
            status: .ok,
            headers: [
                .contentType: format.mediaType, .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
                .contentDisposition: "attachment; filename=\"pagerpal-audit.\(format.rawValue)\"",
            ], body: body)
    }
}

/// The audit log as a file.
struct AuditExport: Sendable {
    enum Format: String, CaseIterable {
        case csv, jsonl

        var mediaType: String {
            switch self {
            case .csv: "text/csv; charset=utf-8"
            case .jsonl: "application/jsonl; charset=utf-8"
            }
        }
    }

    /// How many records are in memory at a time.
    static let page = 200

    private let format: Format

    init(_ format: Format) { self.format = format }

    /// What precedes the records.
    var header: String {
        switch format {
        case .csv:
            CSV.line([
                "id", "at", "author", "via", "action", "subject_kind", "subject_id", "subject_name", "before", "after",
                "note",
            ])
        case .jsonl: ""
        }
    }

    func line(_ record: AuditRoutes.Answer) -> String {
        switch format {
        case .csv:
            CSV.line(
                [
                    record.id, record.at, record.author, record.via ?? "", record.action, record.subjectKind,
                    record.subjectId, record.subjectName, record.before ?? "", record.after ?? "", record.note ?? "",
                ].map(CSV.field))
        case .jsonl: String(buffer: jsonBytes(record)) + "\n"
        }
    }
}
