internal import Actors
internal import Domain
internal import Formats
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import Store

/// Processes a request with alerts: the key, the body, the sender's format, the incidents and the payload log.
/// All alert routes use it and differ only in their responses.
struct IngestPipeline: Sendable {
    package let services: Services

    /// Returns the enabled source with this key. Any other key gets the same error and is counted.
    func source(_ key: String?) async throws -> AlertSource {
        if let key, let source = try await services.configuration.source(key: key) { return source }
        services.ingestServices.refusedKeys.add()
        throw APIProblem.wrongKey
    }

    /// A name or a value of a query, in which senders write a blank as a plus sign, as forms do.
    private static func decoded(_ text: Substring) -> String {
        let text = String(text).replacing("+", with: " ")
        return text.removingPercentEncoding ?? text
    }

    /// The payload, without the headers and the parameter that contain the key.
    func payload(of request: Request, parameters: [String: String] = [:]) async throws -> Payload {
        let body = try await request.payloadBody()
        var headers: [String: String] = [:]
        for field in request.headers where !IngestPipeline.secretHeaders.contains(field.name.canonicalName) {
            headers[field.name.canonicalName] = field.value
        }
        var query: [String: String] = [:]
        for pair in (request.uri.query ?? "").split(separator: "&") where query.count < Payload.Limits.fields {
            let parts = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(Self.decoded)
            if parts[0] != "key" { query[parts[0]] = parts.count > 1 ? parts[1] : "" }
        }
        return Payload(
            body: body, contentType: request.headers[.contentType], headers: headers, query: query,
            parameters: parameters, id: services.store.identifiers.next(Payload.self).rawValue,
            receivedAt: services.time.now())
    }

    private static let secretHeaders: Set = [
        "authorization", "x-api-key", "x-alert-source-key", "cookie", "x-routing-key",
    ]

    /// Stores the alerts of a payload.
    ///
    /// - Parameters:
    ///   - kind: the route's kind; nil for the generic route, which uses the source's own kind.
    ///   - key: the source's key, which is redacted from the payload log.
    /// - Throws: a problem if the payload contains nothing usable or could not be stored.
    func take(_ payload: Payload, from source: AlertSource, as kind: String?, key: String) async throws -> IngestResult
    {
        let note = PayloadNote(payload, of: source, kind: kind ?? source.kind, key: key)
        let log = services.ingestServices.payloads
        do {
            let (options, notes) = options(of: source)
            var decoded = try await understand(payload, from: source, as: kind, options, key: key)
            if options.answersOK { decoded.prefersOK = true }
            decoded.notes += notes
            let taken = try await store(decoded, from: source, groupBy: options.groupBy)
            try await answer(decoded.request, from: source)
            try await remember(decoded, of: source)
            await log.add({ note.record(of: taken) }, of: source.id, taken.verdict)
            return taken
        } catch {
            let problem = apiProblem(from: error)
            await log.add({ note.record(of: problem) }, of: source.id, problem.verdict)
            throw error
        }
    }

    /// Returns the source's options. Unreadable options are ignored, because alerts must still be accepted.
    private func options(of source: AlertSource) -> (SourceOptions, notes: [String]) {
        guard source.options != "{}" else { return (SourceOptions(), []) }
        do {
            return (try SourceOptions(json: source.options), [])
        } catch {
            return (SourceOptions(), ["The source's options can't be read and are ignored: \(error)"])
        }
    }

    /// Kinds whose senders send each alert only once, whatever the answer is.
    private static let oneShotKinds: Set = ["uptime-kuma", "home-assistant", "nagios"]

    /// Decodes a payload. What can't be understood becomes a report of low urgency where the source wants that, because its
    /// sender would not send it again.
    private func understand(
        _ payload: Payload, from source: AlertSource, as kind: String?, _ options: SourceOptions, key: String
    ) async throws -> Decoded {
        do {
            return try await decode(payload, from: source, as: kind, options)
        } catch let error as PayloadError {
            if case .unauthentic = error { throw error }
            let own = Integrations.aliases[source.kind] ?? source.kind
            guard options.reportsUnknown ?? Self.oneShotKinds.contains(own) else { throw error }
            let start = Redaction.text(of: Array(payload.body.prefix(2_000)), without: [key])
            let event = AlertEvent(
                title: Clean.title("Not understood alert from \(source.name)"),
                text: Clean.text("\(APIProblem(error).detail)\n\n\(start)"), severity: .info,
                dedupKey: DedupKey("not-understood"))
            return Decoded(entries: [.event(event)], notes: ["It was not understood: \(APIProblem(error).detail)"])
        }
    }

    private func decode(
        _ payload: Payload, from source: AlertSource, as kind: String?, _ options: SourceOptions
    ) async throws -> Decoded {
        let name = kind ?? source.kind
        guard let sender = Integrations.integration(for: name) ?? (kind == nil ? GenericIntegration() : nil) else {
            throw APIProblem.notFound("sender of the kind \(name.prefix(50))")
        }
        let isOwn = type(of: sender).kind == (Integrations.aliases[source.kind] ?? source.kind)
        if !isOwn && options.isSigned {
            throw APIProblem(
                .forbidden, "Not allowed",
                "This source needs signed payloads of \(source.kind). Send them to /api/v1/alerts/\(source.kind).")
        }
        if isOfSNS(payload, kind: type(of: sender).kind) { return try await receive(payload, from: source, options) }
        return try sender.decode(payload, options: options)
    }

    private func store(_ decoded: Decoded, from source: AlertSource, groupBy label: String?) async throws
        -> IngestResult
    {
        var outcomes = [EntryAnswer?](repeating: nil, count: decoded.entries.count)
        var events: [(index: Int, event: AlertEvent)] = []
        for (index, entry) in decoded.entries.enumerated() {
            switch entry {
            case .rejected(let faults): outcomes[index] = .rejected(faults)
            case .event(var event):
                if let fault = teamFault(of: event, from: source) {
                    outcomes[index] = .rejected([fault])
                } else {
                    if let label { event.join(groupBy: label) }
                    events.append((index, event))
                }
            }
        }
        let results = await services.ingest.receive(events.map(\.event), from: source)
        for ((index, _), result) in zip(events, results) {
            if case .failed(let reason) = result { throw APIProblem.unavailable(reason) }
            outcomes[index] = .stored(result)
        }
        return IngestResult(decoded: decoded, outcomes: outcomes.compactMap(\.self))
    }

    private func teamFault(of event: AlertEvent, from source: AlertSource) -> FieldFault? {
        do {
            _ = try services.ingest.team(of: event, from: source)
            return nil
        } catch {
            switch error {
            case .unknown(let name): return FieldFault("team", "There is no team “\(name.prefix(100))”.")
            case .notAllowed(let name):
                return FieldFault(
                    "team", "This source may not send to the team “\(name.prefix(100))”. Use a source of that team.")
            }
        }
    }
}

/// The result of ingesting a payload.
struct IngestResult: Sendable {
    let decoded: Decoded
    /// One for each entry, in order.
    let outcomes: [EntryAnswer]

    var verdict: PayloadRecord.Verdict {
        !outcomes.isEmpty && outcomes.allSatisfy(\.isRejected) ? .rejected : .taken
    }
}

/// The result for one entry of a body.
enum EntryAnswer: Sendable {
    case stored(AlertResult)
    case rejected([FieldFault])

    var isRejected: Bool { !faults.isEmpty }
    var faults: [FieldFault] { if case .rejected(let faults) = self { faults } else { [] } }
    var isCreated: Bool { if case .stored(.opened) = self { true } else { false } }

    /// The incident that the entry opened, changed or would have changed.
    var incident: Incident? {
        switch self {
        case .stored(.opened(let incident)), .stored(.updated(let incident)), .stored(.resolved(let incident)): incident
        case .stored(.ignored(let incident, _)): incident
        case .stored(.failed), .rejected: nil
        }
    }
}

extension SourceOptions {
    /// Whether alerts must be signed, so that the key alone is not enough.
    fileprivate var isSigned: Bool { secret != nil || requiresSignature }
}
