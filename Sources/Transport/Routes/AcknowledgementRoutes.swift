internal import Actors
internal import CAssets
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Pages
internal import Store

/// /a/{token}: the page behind the link of a message. Only its POST acts.
struct AcknowledgementRoutes: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.on(.get, "/a/{token}") { _, context in try await show(context) }
        routes.on(.post, "/a/{token}") { _, context in try await acknowledge(context) }
        routes.on(.get, "/assets/acknowledgement.css") { _, _ in stylesheet() }
    }

    private func show(_ context: BasicRequestContext) async throws -> Response {
        let (person, incidents) = try await subject(context)
        return page(person, incidents, message: nil)
    }

    private func acknowledge(_ context: BasicRequestContext) async throws -> Response {
        let (person, incidents) = try await subject(context)
        var after: [Incident] = []
        for incident in incidents {
            guard case .triggered = incident.state else {
                after.append(incident)
                continue
            }
            let request = CommandRequest(.acknowledge, by: .user(person, via: "link in a message"))
            switch await services.directory.perform(request, on: incident.id) {
            case .done(let incident, _): after.append(incident)
            case .refused, .notFound: after.append(incident)
            case .fenced: throw Problem.unavailable("Another process took over.")
            case .failed(let reason): throw Problem.unavailable(reason)
            }
        }
        return page(person, after, message: "Done. You can close this page.")
    }

    /// The person that the message went to, and its incidents.
    private func subject(_ context: BasicRequestContext) async throws -> (User, [Incident]) {
        guard let message = services.links.message(for: context.parameters.get("token") ?? "") else {
            throw Problem.notFound("such link; it may have been cut off by your mail program")
        }
        let pages = try await services.store.pages(ofMessage: message)
        guard let first = pages.first, let person = services.roster.current.users[first.page.userID], person.isEnabled
        else { throw Problem.notFound("such message any more") }
        var incidents: [Incident] = []
        for page in pages {
            if case .incident(let id, _, _) = page.page.purpose, let incident = try await services.store.incident(id) {
                incidents.append(incident)
            }
        }
        return (person, incidents)
    }

    private func page(_ person: User, _ incidents: [Incident], message: String?) -> Response {
        let items = incidents.map { incident in
            let (state, isWaiting) =
                switch incident.state {
                case .triggered: ("triggered", true)
                case .acknowledged(let by, _, _, _): ("acknowledged by \(by.name)", false)
                case .resolved(let by, _): ("resolved by \(by.name)", false)
                }
            return AcknowledgementPage.Model.Item(
                number: incident.number, title: incident.title, severity: incident.severity.rawValue, state: state,
                isWaiting: isWaiting)
        }
        return .page(AcknowledgementPage(.init(person: person.name, items: items, message: message)).html)
    }

    private func stylesheet() -> Response {
        let asset = pagerpal_acknowledgement_css()
        let bytes = UnsafeBufferPointer(start: asset.bytes, count: asset.length)
        return Response(
            status: .ok, headers: [.contentType: "text/css; charset=utf-8", .cacheControl: "max-age=3600"],
            body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

extension Response {
    /// A page for people: never cached, never framed, nothing from elsewhere, nothing inline.
    static func page(_ html: HTML, status: HTTPResponse.Status = .ok) -> Response {
        var headers: HTTPFields = [.contentType: "text/html; charset=utf-8", .cacheControl: "no-store"]
        let policy =
            "default-src 'none'; style-src 'self'; script-src 'self'; img-src 'self'; connect-src 'self'; "
            + "form-action 'self'; frame-ancestors 'none'; base-uri 'none'"
        for (name, value) in [
            ("Content-Security-Policy", policy), ("X-Frame-Options", "DENY"), ("X-Content-Type-Options", "nosniff"),
            ("Referrer-Policy", "no-referrer"),
        ] {
            if let name = HTTPField.Name(name) { headers[name] = value }
        }
        return Response(status: status, headers: headers, body: .init(byteBuffer: ByteBuffer(string: html.markup)))
    }
}
