internal import Actors
internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations
internal import NIOCore

/// GET /api/v1/preview: who would be paged, when, how and why, and what would keep a page from being delivered.
struct PreviewRoutes: Sendable {
    struct Answer: Encodable {
        struct Page: Encodable {
            let at: String
            let afterSeconds: Int64
            let user: Person
            let channel, contactMethodId, address, why: String
            let step: Int
        }
        struct Note: Encodable { let at, text: String }

        let at, policy, policyId, severity, urgency: String
        let pages: [Page]
        let notes: [Note]
        let warnings: [String]
    }

    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.get, "/api/v1/preview", .needs(.read)) { request, context in
            try await preview(request, to: try context.signedIn.user.id)
        }
    }

    private func preview(_ request: Request, to reader: UserID) async throws -> Response {
        let query = request.uri.queryParameters
        let configuration = services.configuration.current
        let now = services.time.now()
        var question = PreviewQuestion(severity: .critical, at: try instant(query["at"], "at") ?? now)
        if let word = query["severity"] {
            guard let severity = Severity(word: word) else {
                throw APIProblem.invalid("severity", Severity.expectation)
            }
            question.severity = severity
        }
        question.source = try query["source"].map { name in
            let found = configuration.source(named: String(name))
            guard let found else {
                throw APIProblem.invalid("source", "There is no alert source “\(name.prefix(100))”.")
            }
            return found
        }
        question.policy = try query["policy"].map { name in
            let found = configuration.policy(named: String(name))
            guard let found else {
                throw APIProblem.invalid("policy", "There is no escalation policy “\(name.prefix(100))”.")
            }
            return found
        }
        for label in query.getAll("label") {
            guard let equals = label.firstIndex(of: "=") else {
                throw APIProblem.invalid("label", "Write it as name=value.")
            }
            question.labels[String(label[..<equals])] = String(label[label.index(after: equals)...])
        }
        question.team = try services.team(query)
        guard let forecast = configuration.forecast(question, number: try await services.directory.upcomingNumber())
        else {
            throw APIProblem.invalid("source", "Name an alert source, an escalation policy or a team.")
        }
        let warnings =
            configuration.warnings(of: forecast, channels: services.channels).map {
                configuration.hidingAddresses(in: $0, of: forecast, from: reader)
            }
            + (services.settings.isSendingEnabled ? [] : ["Sending is disabled: no page would be sent."])
        return .json(Answer(forecast, question, warnings, to: reader, configuration))
    }
}

extension PreviewRoutes.Answer {
    init(
        _ forecast: Forecast, _ question: PreviewQuestion, _ warnings: [String], to reader: UserID,
        _ configuration: Configuration
    ) {
        self.init(
            at: question.at.rfc3339, policy: forecast.policy.name, policyId: forecast.policy.id.rawValue,
            severity: question.severity.rawValue, urgency: forecast.urgency.rawValue,
            pages: forecast.entries.map { entry in
                Page(
                    at: entry.at.rfc3339, afterSeconds: (entry.at - question.at).components.seconds,
                    user: Person(entry.page.userID, configuration), channel: entry.page.channel.rawValue,
                    contactMethodId: entry.page.contactMethodID.rawValue,
                    address: ShownAddress(
                        entry.page.address, of: entry.page.userID, to: reader, configuration
                    ).description,
                    why: entry.why,
                    step: entry.page.step + 1)
            },
            notes: forecast.notes.map { Note(at: $0.at.rfc3339, text: $0.text) }, warnings: warnings)
    }
}
