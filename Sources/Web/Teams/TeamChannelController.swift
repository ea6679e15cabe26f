internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /team-channels: where teams read, as their managers set it up. The list is on the team's page.
struct TeamChannelController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        let path = "/team-channels"
        routes.page(.get, "\(path)/new", .needsTeam) { request in
            request.show(
                request.newChannel(
                    FormInput(["team": request.query("team"), "channel": "slack", "follows": "yes"])))
        }
        routes.page(.post, path, .needsTeam, create)
        routes.page(.get, "\(path)/{id}", .needsTeam) { request in
            let channel: TeamChannel = try request.findOwn()
            return request.show(try await page(request, channel))
        }
        routes.page(.post, "\(path)/{id}", .needsTeam, save)
        routes.page(.post, "\(path)/{id}/code", .needsTeam) { request in
            try await sendCode(request, try request.findOwn(TeamChannel.self))
        }
        routes.page(.post, "\(path)/{id}/verify", .needsTeam, verify)
        routes.page(.post, "\(path)/{id}/delete", .needsTeam) { request in
            let channel: TeamChannel = try request.findOwn()
            return try await request.delete(
                from: "/team-channels/\(channel.id)", to: "/teams/\(channel.teamID)",
                saying: "“\(channel.name)” is deleted."
            ) { try TeamChannel.definition.deletion(channel, $0) }
        }
    }

    private func create(_ request: WebRequest) async throws -> Response {
        let new = TeamChannel(
            id: services.configurator.identifiers.next(), teamID: "", name: "", channel: .slack, address: "")
        let (channel, faults) = try await request.save(typed: new, isNew: true)
        guard faults.isEmpty else { return request.refuse(request.newChannel(request.form.with(faults))) }
        return try await sendCode(request, channel)
    }

    private func save(_ request: WebRequest) async throws -> Response {
        let known: TeamChannel = try request.findOwn()
        let (channel, faults) = try await request.save(typed: known, isNew: false)
        guard faults.isEmpty else {
            return request.refuse(try await page(request, known, request.form.with(faults)))
        }
        if channel.verifiedAt == nil && known.verifiedAt != nil { return try await sendCode(request, channel) }
        return request.go(to: "/team-channels/\(channel.id)", saying: "Saved.")
    }

    private func sendCode(_ request: WebRequest, _ channel: TeamChannel) async throws -> Response {
        let page: Path = "/team-channels/\(channel.id)"
        do {
            try await services.channelVerification.send(to: channel.id)
        } catch {
            return request.go(to: page, saying: APIProblem(error).detail, isBad: true)
        }
        return request.go(to: page, saying: "A test message with a code was posted to \(channel.name).")
    }

    private func verify(_ request: WebRequest) async throws -> Response {
        let channel: TeamChannel = try request.findOwn()
        do {
            try await services.channelVerification.confirm(
                channel.id, code: request.form["code"], by: request.author)
        } catch {
            let fault = FieldFault("code", APIProblem(error).detail)
            return request.refuse(try await page(request, channel, code: request.form.with([fault])))
        }
        return request.go(
            to: "/team-channels/\(channel.id)", saying: "\(channel.name) is verified: incidents can be posted there.")
    }

    private func page(
        _ request: WebRequest, _ channel: TeamChannel, _ input: FormInput? = nil, code: FormInput = FormInput()
    ) async throws -> TeamChannelView {
        let status = try await services.store.postStatus(of: channel.id)
        return TeamChannelView(
            .init(
                channel: channel, team: request.configuration.teams[channel.teamID]?.name ?? "a deleted team",
                lastPost: status.postedAt.map { request.reader.moment($0) }, fault: status.fault,
                policies: request.configuration.policies.values.filter { $0.targets.contains(.channel(channel.id)) }
                    .map { ($0.name, "/escalation-policies/\($0.id)") }.sorted { $0.0 < $1.0 },
                fields: request.fields(of: TeamChannel.self).filter { !WebhookBodyView.names.contains($0.name) },
                input: input ?? FormInput(stored: channel), code: code))
    }
}

extension WebRequest {
    fileprivate func newChannel(_ input: FormInput) -> NewTeamChannelView {
        NewTeamChannelView(fields: fields(of: TeamChannel.self, isFirst: true), input: input)
    }
}
