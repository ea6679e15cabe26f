internal import Actors
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Store
internal import Transport

/// /a/{token}: the web page behind the link in a message. Only its POST acknowledges.
struct AcknowledgementRoutes: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.on(.get, "/a/{token}", .proof) { _, context in try await show(context) }
        routes.on(.post, "/a/{token}", .proof) { _, context in try await acknowledge(context) }
    }

    private func show(_ context: RouteContext) async throws -> Response {
        let (person, incidents) = try await subject(context)
        return page(person, incidents, message: nil, context)
    }

    private func acknowledge(_ context: RouteContext) async throws -> Response {
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
            case .fenced: throw APIProblem.unavailable("Another process took over.")
            case .failed(let reason): throw APIProblem.unavailable(reason)
            }
        }
        return page(person, after, message: "Done. You can close this page.", context)
    }

    /// The user who received the message, and its incidents.
    private func subject(_ context: RouteContext) async throws -> (User, [Incident]) {
        guard let message = services.links.message(for: context.parameters.get("token") ?? "") else {
            throw APIProblem.notFound("such link; it may have been cut off by your mail program")
        }
        let pages = try await services.store.pages(ofMessage: message)
        guard let first = pages.first, let person = services.configuration.current.users[first.page.userID],
            person.isEnabled
        else { throw APIProblem.notFound("such message any more") }
        var incidents: [Incident] = []
        for page in pages {
            if case .incident(let id, _, _) = page.page.purpose, let incident = try await services.store.incident(id) {
                incidents.append(incident)
            }
        }
        return (person, incidents)
    }

    private func page(
        _ person: User, _ incidents: [Incident], message: String?, _ context: RouteContext
    ) -> Response {
        let items = incidents.map { incident in
            let by: String? =
                switch incident.state {
                case .triggered: nil
                case .acknowledged(let by, _, _, _), .resolved(let by, _): by.name
                }
            return AcknowledgementView.Model.Item(
                number: incident.number, title: incident.title, severity: incident.severity,
                state: incident.state.name, by: by)
        }
        let model = AcknowledgementView.Model(
            person: person.name, items: items, action: "/a/\(context.parameters.get("token") ?? "")", message: message)
        let frame = Frame(assets: Asset.frame, reader: Reader(now: services.time.now(), timeZone: person.timeZone))
        return .page(frame.html(AcknowledgementView(model)))
    }
}
