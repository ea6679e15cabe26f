internal import Actors
internal import Domain
internal import Hummingbird
internal import Store

/// /api/v1/alert-sources/{id}/payloads: the latest payloads of a source and their results.
struct PayloadRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.get, "/api/v1/alert-sources/{id}/payloads", .needs(.read), forTeams: true) { _, context in
            let id = SourceID(context.parameters.get("id") ?? "")
            guard let source = services.configuration.current.sources[id], try context.signedIn.sees(source.teamID)
            else {
                throw APIProblem.notFound("such alert source")
            }
            await services.ingestServices.payloads.flush()
            let payloads = try await services.store.payloads(of: id)
            return .json(ListAnswer(items: payloads.map(PayloadAnswer.init), next: nil))
        }
    }
}

/// A payload in JSON.
struct PayloadAnswer: Encodable {
    /// The result for one alert of the payload.
    struct Alert: Encodable {
        let status: String
        let title, dedupKey: String?
        /// What the key is made of, as `host=db1`. Empty when the sender named the key.
        let keyParts: [String]
        /// The incident's number.
        let incident: Int?
        let reason: String?
    }

    let id: String
    let receivedAt: String
    let kind: String
    let contentType, userAgent: String?
    let size: Int
    /// The beginning of the body as text, with secrets redacted.
    let body: String
    let isCut: Bool
    let verdict: String
    let counts: [String: Int]
    let alerts: [Alert]
    let notes: [String]

    init(_ payload: PayloadRecord) {
        id = payload.id.rawValue
        receivedAt = payload.receivedAt.rfc3339
        kind = payload.kind
        contentType = payload.contentType
        userAgent = payload.userAgent
        size = payload.size
        body = String(decoding: payload.body, as: UTF8.self)
        isCut = payload.size > PayloadRecord.Limits.body
        verdict = payload.verdict.rawValue
        counts = payload.results.counts
        alerts = payload.results.entries.map {
            Alert(
                status: $0.status, title: $0.title, dedupKey: $0.dedupKey, keyParts: $0.keyParts, incident: $0.incident,
                reason: $0.reason)
        }
        notes = payload.results.notes
    }
}
