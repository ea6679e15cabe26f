internal import Actors
internal import Domain
internal import Hummingbird
internal import Transport

/// …/body: what a webhook gets, in a person's own profile and in a team channel.
struct WebhookBodyController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        let own = "/profile/contact-methods/{id}/body"
        routes.page(.get, own, .needs(.read)) { request in
            request.show(request.bodyView(of: try request.webhook()))
        }
        routes.page(.post, own, .needs(.read)) { request in
            let method = try request.webhook()
            return try await save(request, method, back: "/profile") { request.bodyView(of: method, $0) }
        }
        let team = "/team-channels/{id}/body"
        routes.page(.get, team, .needsTeam) { request in
            request.show(request.bodyView(of: try request.teamWebhook()))
        }
        routes.page(.post, team, .needsTeam) { request in
            let channel = try request.teamWebhook()
            return try await save(request, channel, back: "/team-channels/\(channel.id)") {
                request.bodyView(of: channel, $0)
            }
        }
    }

    /// Saves the body, or shows the editor again with a preview or with faults.
    private func save<Value: Configurable>(
        _ request: WebRequest, _ value: Value, back: Path, _ view: (FormInput) -> WebhookBodyView
    ) async throws -> Response {
        if request.form["do"] == "preview" {
            let page = view(request.form.with([request.typedBody.fault].compactMap { $0 }))
            return page.isUsable ? request.show(page) : request.refuse(page)
        }
        let (_, faults) = try await request.save(typed: value, isNew: false)
        guard faults.isEmpty else { return request.refuse(view(request.form.with(faults))) }
        let words = request.typedBody.text.isEmpty ? "It gets PagerPal’s JSON." : "The next messages have this body."
        return request.go(to: back, saying: words)
    }
}

extension WebRequest {
    fileprivate func webhook() throws(APIProblem) -> ContactMethod {
        let method = try method()
        guard method.channel == .webhook else { throw APIProblem.notFound("such webhook") }
        return method
    }

    fileprivate func teamWebhook() throws(APIProblem) -> TeamChannel {
        let channel: TeamChannel = try findOwn()
        guard channel.channel == .webhook else { throw APIProblem.notFound("such webhook") }
        return channel
    }

    /// The body in the form.
    fileprivate var typedBody: BodyTemplate { body(in: form) }

    private func body(in input: FormInput) -> BodyTemplate {
        BodyTemplate(text: input["body"].trimmingBlanks(), contentType: input["content_type"].trimmingBlanks())
    }

    /// - Parameter typed: nil for what is stored.
    fileprivate func bodyView(of method: ContactMethod, _ typed: FormInput? = nil) -> WebhookBodyView {
        let input = typed ?? FormInput(stored: method)
        return WebhookBodyView(
            path: "/profile/contact-methods/\(method.id)/body", back: "/profile", section: .profile,
            fields: bodyFields(of: ContactMethod.self), input: input,
            samples: samples(input) { services.messageWriter.bodies(of: $0, for: user, at: now) })
    }

    fileprivate func bodyView(of channel: TeamChannel, _ typed: FormInput? = nil) -> WebhookBodyView {
        let input = typed ?? FormInput(stored: channel)
        return WebhookBodyView(
            path: "/team-channels/\(channel.id)/body", back: "/team-channels/\(channel.id)", section: .teams,
            fields: bodyFields(of: TeamChannel.self), input: input,
            samples: samples(input) { services.postComposer.bodies(of: $0, at: now) })
    }

    private func bodyFields<Value: Configurable>(of type: Value.Type) -> [Field] {
        fields(of: type).filter { WebhookBodyView.names.contains($0.name) }
    }

    private func samples(_ input: FormInput, _ made: (BodyTemplate) -> [BodySample]) -> [WebhookBodyView.Sample] {
        let body = body(in: input)
        guard body.fault == nil else { return [] }
        return made(body).map { .init(type: $0.type, body: $0.body) }
    }
}
