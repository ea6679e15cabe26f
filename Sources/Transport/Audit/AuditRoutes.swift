internal import Domain
internal import Hummingbird
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
    }

    private func list(_ request: Request) async throws -> Response {
        let query = request.uri.queryParameters
        var filter = AuditFilter()
        filter.kind = try words(query["kind"], "kind") { ConfigurationSubject.Kind(rawValue: $0) }.first
        if let kind = filter.kind, let id = query["id"] { filter.subject = .init(kind, String(id)) }
        filter.before = query["cursor"].map { AuditRecordID(String($0)) }
        filter.limit = try number(query["limit"], "limit", in: 1...200) ?? 50
        let records = try await services.store.audit(filter)
        let next = records.count == filter.limit ? records.last?.id.rawValue : nil
        return .json(ListAnswer(items: records.map(Answer.init), next: next))
    }
}
