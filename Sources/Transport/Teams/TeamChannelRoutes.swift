package import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird

/// Actions on a channel of a team: post a code, confirm it.
struct TeamChannelRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        let path = "/api/v1/team-channels/{id}"
        routes.on(.post, "\(path)/send-code", .needsTeam, forTeams: true) { _, context in try await sendCode(context) }
        routes.on(.post, "\(path)/verify", .needsTeam, forTeams: true) { request, context in
            try await verify(request, context)
        }
    }

    private func sendCode(_ context: RouteContext) async throws -> Response {
        let (_, channel) = try subject(context)
        do {
            try await services.channelVerification.send(to: channel.id)
        } catch {
            throw APIProblem(error)
        }
        return .codeSent
    }

    private func verify(_ request: Request, _ context: RouteContext) async throws -> Response {
        let (caller, channel) = try subject(context)
        let code = try await enteredCode(in: request)
        do {
            try await services.channelVerification.confirm(channel.id, code: code, by: caller.author)
        } catch {
            throw APIProblem(error)
        }
        let configuration = services.configuration.current
        return .json(
            try await TeamChannelResource().answer(
                configuration.teamChannels[channel.id] ?? channel, to: caller, configuration, services))
    }

    private func subject(_ context: RouteContext) throws -> (Caller, TeamChannel) {
        let caller = try context.signedIn
        let configuration = services.configuration.current
        let id = TeamChannelID(context.parameters.get("id") ?? "")
        guard let channel = configuration.teamChannels[id], caller.sees(channel.teamID),
            configuration.allows(caller.user.id, .configure(channel.teamID))
        else {
            throw APIProblem.notFound("such team channel")
        }
        try caller.require(.configure(channel.teamID), configuration)
        return (caller, channel)
    }
}

extension APIProblem {
    package init(_ fault: ChannelVerification.Fault) {
        switch fault {
        case .missing: self = .notFound("such team channel")
        case .tooSoon: self.init(Verification.Fault.tooSoon)
        case .refused(let reason): self.init(.badGateway, "Not posted", reason)
        case .wrongCode: self.init(Verification.Fault.wrongCode)
        case .configuration(let fault): self.init(fault)
        case .unavailable(let cause): self = .unavailable(cause)
        }
    }
}
