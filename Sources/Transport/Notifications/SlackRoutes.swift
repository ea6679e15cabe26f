internal import Actors
internal import Database
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Providers

/// /api/v1/inbound/slack: what people do with the buttons of messages in Slack.
struct SlackRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.post, "/api/v1/inbound/slack") { request, _ in
            // Slack waits three seconds, and then tells the person that it failed.
            try await DatabaseDeadline.within(.milliseconds(2_500)) { try await interact(request) }
        }
    }

    private static let help =
        "PagerPal has no commands, menus or windows in Slack. Use the buttons Acknowledge and Resolve of its messages."

    private func interact(_ request: Request) async throws -> Response {
        let body = try await signedBody(request)
        let fields = Dictionary((Form.fields(of: body) ?? []).map { ($0.name, $0.value) }) { first, _ in first }
        let interaction: SlackInbox.Interaction
        do { interaction = try SlackInbox.interaction(in: fields) } catch {
            throw APIProblem(.badRequest, "Malformed body", error.description)
        }
        switch interaction {
        case .press(let press, let url): answer(try await services.buttons.take(press), to: press, at: url)
        case .other(let url): send(SlackAnswer.note(SlackRoutes.help), to: url)
        case .command:
            return Response(
                status: .ok, headers: [.contentType: "application/json"],
                body: .init(byteBuffer: ByteBuffer(bytes: SlackAnswer.note(SlackRoutes.help))))
        case .check: break
        }
        return Response(status: .ok)
    }

    /// A post in a team's channel follows its incident by itself. A person's own message is replaced.
    private func answer(_ outcome: ButtonOutcome, to press: ButtonPress, at url: String?) {
        switch outcome {
        case .done(let incident, _) where !press.target.isPost:
            let link = "\(services.settings.baseURL)/incidents/\(incident.number)"
            send(SlackAnswer.message(of: incident, link: link), to: url)
        case .done(_, hasChanged: true): break
        case .done, .repeated, .stranger, .notAllowed, .old, .gone:
            let words = ReplyWords.answer(
                to: outcome, from: press.from[0], press.channel, baseURL: services.settings.baseURL)
            if let words { send(SlackAnswer.note(words), to: url) }
        }
    }

    private func send(_ body: [UInt8], to url: String?) {
        if let answer = SlackAnswer(body, to: url) { services.slackAnswers.add(answer) }
    }

    /// Returns the body if Slack has signed it lately. A stranger's body is not read if the headers can't be right.
    private func signedBody(_ request: Request) async throws -> [UInt8] {
        let refusal = APIProblem(
            .unauthorized, "Not authorized",
            "Slack's signature is missing, wrong or more than five minutes old. Check SLACK_SIGNING_SECRET and the clock."
        )
        let header = { (name: String) in HTTPField.Name(name).flatMap { request.headers[$0] } }
        guard let secret = services.settings.slackSigningSecret, let given = header(SlackSignature.header),
            let time = header(SlackSignature.timeHeader)
        else { throw refusal }
        let signature = SlackSignature(secret: secret)
        guard signature.isRecent(time, at: services.time.now()) else { throw refusal }
        var request = request
        let body = Array(try await request.collectBody(upTo: SlackInbox.limit).readableBytesView)
        guard signature.isRight(given, time: time, body: body) else { throw refusal }
        return body
    }
}
