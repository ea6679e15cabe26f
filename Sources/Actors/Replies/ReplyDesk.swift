package import Database
package import Domain
internal import Store

/// Does what people ask for by a text, and answers.
///
/// Texts from unknown and disabled numbers change nothing and get no answer.
package struct ReplyDesk: Sendable {
    private let context: IncidentContext
    private let directory: IncidentDirectory
    private let configurator: Configurator
    private let pages: PageQueue

    package init(
        context: IncidentContext, directory: IncidentDirectory, configurator: Configurator, pages: PageQueue
    ) {
        self.context = context
        self.directory = directory
        self.configurator = configurator
        self.pages = pages
    }

    /// What a text led to: the answer, and whether something was done.
    private struct Result {
        var words: String?
        var isAction = false
    }

    package func take(_ texts: [InboundText]) async throws(DatabaseError) {
        for text in texts { try await take(text) }
    }

    private func take(_ text: InboundText) async throws(DatabaseError) {
        let reply = Reply(text.text)
        guard let (method, person) = context.sender(over: text.channel, from: [text.from], orDisabled: reply == .start),
            try await context.store.keepText(text, at: context.time.now())
        else { return }
        let result = try await perform(reply, text, method, person)
        var outcome = result.isAction ? ReplyOutcome.action : .ignored
        if let words = result.words {
            let since = try await context.store.answersSinceAction(to: text.from)
            if ReplyBounds.mayAnswer(since: since, isAction: result.isAction) {
                _ = try await pages.queue(.notice(text: words), to: method)
                if !result.isAction { outcome = .answered }
            }
        }
        try await context.store.concludeText(text, outcome)
    }

    private func perform(
        _ reply: Reply, _ text: InboundText, _ method: ContactMethod, _ person: User
    ) async throws(DatabaseError) -> Result {
        switch reply {
        case .acknowledge(let number):
            return try await act(.acknowledge, on: incidents(number, text, method), number, method, person)
        case .resolve(let number):
            return try await act(.resolve, on: incidents(number, text, method), number, method, person)
        case .help: return Result(words: ReplyWords.help)
        case .unknown: return Result(words: "This was not understood. \(ReplyWords.help)")
        case .stop:
            try await enable(false, method, person)
            return Result(isAction: true)
        case .start:
            guard !method.isEnabled else { return Result(words: "This number is paged already. \(ReplyWords.help)") }
            try await enable(true, method, person)
            return Result(words: "This number is paged again.", isAction: true)
        }
    }

    /// The incidents that a text means.
    private func incidents(
        _ number: Int?, _ text: InboundText, _ method: ContactMethod
    ) async throws(DatabaseError) -> [Incident] {
        if let number { return try await context.store.incident(number: number).map { [$0] } ?? [] }
        var records: [PageRecord] = []
        if let message = text.answers { records = try await context.store.pages(ofMessage: message) }
        records = records.filter { $0.page.contactMethodID == method.id }
        if records.isEmpty { records = try await context.store.latestMessage(to: method.id) }
        let ids = records.compactMap { record -> IncidentID? in
            if case .incident(let id, _, _) = record.page.purpose { id } else { nil }
        }
        return ids.isEmpty ? [] : try await context.store.incidents(ids)
    }

    private func act(
        _ command: Command, on incidents: [Incident], _ number: Int?, _ method: ContactMethod, _ person: User
    ) async throws(DatabaseError) -> Result {
        var result = Result()
        var sentences: [String] = []
        for incident in incidents {
            guard try await context.mayAct(person, on: incident) else { continue }
            let before = incident.state
            let request = CommandRequest(command, by: .user(person, via: "\(method.channel.name) reply"))
            switch await directory.perform(request, on: incident.id) {
            case .done(let after, _):
                let hasChanged = before.name != after.state.name
                result.isAction = result.isAction || hasChanged
                sentences.append(ReplyWords.outcome(of: after, hasChanged: hasChanged))
            case .refused, .notFound: sentences.append(ReplyWords.outcome(of: incident, hasChanged: false))
            case .fenced, .failed: throw .unavailable("the incident could not be changed")
            }
        }
        if sentences.isEmpty {
            sentences = [number.map { "There is no incident #\($0) of yours." } ?? "Nobody paged this number lately."]
        }
        result.words = ReplyWords.together(sentences)
        return result
    }

    private func enable(_ isEnabled: Bool, _ method: ContactMethod, _ person: User) async throws(DatabaseError) {
        let author = Author.user(person, via: "\(method.channel.name) reply")
        do {
            try await configurator.change(by: author) { configuration in
                guard var current = configuration.contactMethods[method.id], current.isEnabled != isEnabled else {
                    return []
                }
                current.isEnabled = isEnabled
                return [.save(current)]
            }
        } catch {
            throw .unavailable("\(error)")
        }
    }
}
