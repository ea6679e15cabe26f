internal import Actors
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import Store

/// Remembers requests with a source's key at an address that doesn't exist, so that the source's page can say why nothing
/// paged.
struct WrongAddress: Sendable {
    package let services: Services

    /// Adds the request to the payloads of the source whose key it carries.
    ///
    /// The body must not have been read yet.
    ///
    /// - Parameter methods: what the address accepts. Empty when it doesn't exist.
    /// - Returns: what to tell the sender. Nil when the key is unknown, because strangers learn nothing.
    func remember(_ request: Request, methods: String) async -> String? {
        guard let (key, source) = await source(of: request) else { return nil }
        let path = Redaction.text(of: Array(request.uri.path.utf8), without: [key]).prefix(200)
        let tried =
            methods.isEmpty
            ? "Sent to \(path), which is no address for alerts."
            : "Sent to \(path) by \(request.method.rawValue). That address accepts \(methods)."
        let advice = "\(tried) Send the alerts of this source by POST to \(services.address(of: source))."
        await add(request, to: source, key: key, APIProblem(.notFound, "Not found", advice))
        return advice
    }

    /// Adds a request with the key of a disabled source to its payloads. The sender gets the same answer as with any wrong
    /// key. The body must not have been read yet.
    func rememberDisabled(_ request: Request, key: String?) async {
        guard let key, let source = services.configuration.knownSource(key: key, isEnabled: false) else { return }
        let words = "The source is disabled, so its key is refused. Enable it to receive its alerts."
        await add(request, to: source, key: key, APIProblem(.unauthorized, "Not authorized", words))
    }

    private func add(_ request: Request, to source: AlertSource, key: String, _ problem: APIProblem) async {
        guard let payload = try? await IngestPipeline(services: services).payload(of: request) else { return }
        let note = PayloadNote(payload, of: source, kind: source.kind, key: key)
        await services.ingestServices.payloads.add({ note.record(of: problem) }, of: source.id, problem.verdict)
    }

    /// Keys come in headers, in the query, or in the path. Only keys that this process knows count, so that guessing costs
    /// the database nothing.
    private func source(of request: Request) async -> (key: String, source: AlertSource)? {
        let query = ["key", "apiKey", "api_key", "token"].compactMap { name in
            request.uri.queryParameters[Substring(name)].map { String($0) }
        }
        let parts = request.uri.path.split(separator: "/").filter { $0.utf8.count >= 16 }.prefix(8).map { String($0) }
        for key in [request.sourceKey].compactMap(\.self) + query + parts where key.utf8.count <= 200 {
            if let source = services.configuration.knownSource(key: key) { return (key, source) }
        }
        return nil
    }
}

extension Services {
    /// The full address for a source's alerts.
    func address(of source: AlertSource) -> String {
        "\(settings.baseURL)/api/v1/alerts\(source.kind == "generic" ? "" : "/\(source.kind)")"
    }
}
