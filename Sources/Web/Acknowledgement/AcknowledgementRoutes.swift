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
        routes.on(.post, "/a/{token}", .proof) { request, context in
            try await act(try await formInput(of: request), context)
        }
    }

    private static let oldLink = "This link is old. Use the newest message, or sign in."

    private func show(_ context: RouteContext) async throws -> Response {
        let (person, incidents, old) = try await subject(context)
        return try await page(
            person, incidents, message: old.isEmpty ? nil : AcknowledgementRoutes.oldLink, context)
    }

    /// Acknowledges the ticked incidents, or all if there was no choice. Two smaller buttons add a note or page the next
    /// step.
    private func act(_ form: FormInput, _ context: RouteContext) async throws -> Response {
        let (person, incidents, old) = try await subject(context)
        let about = Set(form.all("about").prefix(200).compactMap { Int($0) })
        let named = incidents.filter { about.contains($0.number) && !old.contains($0.id) }
        switch form["do"] {
        case "note":
            return try await perform(
                .note(form["note"]), on: named, of: incidents, by: person,
                saying: "The note is added.", context)
        case "pass":
            return try await perform(
                .escalate, on: named, of: incidents, by: person,
                saying: "The next step is paged.", context)
        case "hand-over":
            let taker = UserID(form["user"])
            return try await perform(
                .handOver(to: taker), on: named, of: incidents, by: person,
                saying: "Handed to \(services.configuration.current.name(of: taker)), who is paged.", context)
        case "undo":
            return try await perform(
                .undo, on: named, of: incidents, by: person, saying: "Undone. It goes on where it was.", context)
        case "resolve":
            guard services.configuration.current.allows(person.id, .respond) else {
                return try await page(
                    person, incidents, message: "You may acknowledge, but not resolve.", isBad: true, context)
            }
            return try await perform(
                .resolve, on: incidents.filter { $0.isOpen && !old.contains($0.id) }, of: incidents, by: person,
                saying: "Resolved. You can close this page.", context)
        default:
            let ticked = Set(form.all("number").prefix(200).compactMap { Int($0) })
            let chosen = incidents.filter { incident in
                guard case .triggered = incident.state, !old.contains(incident.id) else { return false }
                return ticked.isEmpty || ticked.contains(incident.number)
            }
            let left = incidents.contains { incident in
                if case .triggered = incident.state { old.contains(incident.id) } else { false }
            }
            return try await perform(
                .acknowledge, on: chosen, of: incidents, by: person,
                saying: left ? AcknowledgementRoutes.oldLink : "Done. You can close this page.", context)
        }
    }

    private func perform(
        _ command: Command, on chosen: [Incident], of all: [Incident], by person: User, saying message: String,
        _ context: RouteContext
    ) async throws -> Response {
        var after = all
        var refusals: [String] = []
        var done: [Int] = []
        for incident in chosen {
            let request = CommandRequest(command, by: .user(person, via: "link in a message"))
            switch await services.directory.perform(request, on: incident.id) {
            case .done(let changed, _):
                after = after.map { $0.id == changed.id ? changed : $0 }
                done.append(changed.number)
            // An acknowledgement that comes too late only shows the state.
            case .refused(let refusal): if command != .acknowledge { refusals.append(refusal.description) }
            case .notFound: break
            case .fenced: throw APIProblem.unavailable("Another process took over.")
            case .failed(let reason): throw APIProblem.unavailable(reason)
            }
        }
        let words = refusals.isEmpty ? message : refusals.joined(separator: " ")
        return try await page(
            person, after, message: words, isBad: !refusals.isEmpty, undo: command.canBeUndone ? done : [], context)
    }

    /// The user who received the message, its incidents, and those that it may no longer acknowledge.
    private func subject(_ context: RouteContext) async throws -> (User, [Incident], old: Set<IncidentID>) {
        let token = context.parameters.get("token") ?? ""
        var pages: [PageRecord] = []
        if let message = services.links.message(for: token) {
            pages = try await services.store.pages(ofMessage: message)
        } else if token.utf8.count <= 20 {
            pages = try await services.store.pages(ofLink: token)
        }
        guard !pages.isEmpty else {
            throw APIProblem.notFound("such link; it may have been cut off by your mail program")
        }
        guard let first = pages.first else { throw APIProblem.notFound("such message any more") }
        let person: User
        switch services.configuration.current.acknowledgement(of: first.page) {
        case .may(let user): person = user
        case .roleMayNot: throw APIProblem.notAllowed(.respond, services.configuration.current)
        case .gone: throw APIProblem.notFound("such message any more")
        }
        var incidents: [Incident] = []
        var old: Set<IncidentID> = []
        for page in pages {
            if case .incident(let id, _, _) = page.page.purpose, let incident = try await services.store.incident(id) {
                incidents.append(incident)
                if try await isOld(page, of: id) { old.insert(id) }
            }
        }
        return (person, incidents, old)
    }

    /// Whether a page's link has expired, or belongs to an earlier opening of its incident.
    private func isOld(_ page: PageRecord, of incident: IncidentID) async throws -> Bool {
        if page.queuedAt < services.time.now() - AcknowledgementLinks.lifetime { return true }
        return try await services.store.timeline(of: incident).contains {
            $0.event == .reopened && $0.at > page.queuedAt
        }
    }

    private func page(
        _ person: User, _ incidents: [Incident], message: String?, isBad: Bool = false, undo: [Int] = [],
        _ context: RouteContext
    ) async throws -> Response {
        let reader = Reader(now: services.time.now(), timeZone: person.timeZone, form: person.clock)
        var items: [AcknowledgementView.Model.Item] = []
        for incident in incidents { items.append(try await item(incident, reader)) }
        let urgency: Urgency = incidents.contains { $0.urgency == .high } ? .high : .low
        let takers = services.configuration.current.takers(of: urgency, except: person.id)
        let model = AcknowledgementView.Model(
            person: person.name, items: items, action: "/a/\(context.parameters.get("token") ?? "")", message: message,
            isBad: isBad, undo: undo, takers: takers.map { .init($0.id.rawValue, $0.name) })
        let frame = Frame(assets: Asset.frame, reader: reader)
        return .page(frame.html(AcknowledgementView(model)))
    }

    private func item(_ incident: Incident, _ reader: Reader) async throws -> AcknowledgementView.Model.Item {
        let configuration = services.configuration.current
        var filter = PageFilter()
        filter.incident = incident.id
        filter.limit = 20
        var paged: [String] = []
        for record in try await services.store.pages(filter).reversed() where record.sentAt != nil {
            let name = configuration.name(of: record.page.userID)
            if !paged.contains(name) { paged.append(name) }
        }
        var by: String?
        var next: String?
        switch incident.state {
        case .triggered:
            next = configuration.nextPage(of: incident, at: reader.now).map {
                "\(configuration.name(of: $0.page.userID)) \(relativeWords(from: reader.now, to: $0.at))"
            }
        case .acknowledged(let author, _, _, _), .resolved(let author, _): by = author.name
        }
        let lines = incident.text.split(separator: "\n").prefix(4).joined(separator: "\n")
        return .init(
            number: incident.number, title: incident.title, severity: incident.severity, state: incident.state.name,
            by: by, opened: reader.moment(incident.openedAt),
            text: lines.count > 400 ? "\(lines.prefix(400))..." : lines,
            links: incident.links.prefix(5).compactMap { link in
                WebAddress(link.url).map { (link.title.isEmpty ? link.url : link.title, $0) }
            }, paged: paged, next: next)
    }
}

extension Command {
    /// Whether the page offers to take it back.
    fileprivate var canBeUndone: Bool {
        switch self {
        case .acknowledge, .resolve, .escalate, .snooze, .reassign, .handOver: true
        case .receive, .reopen, .undo, .resume, .maintenanceChanged, .escalationDue, .note, .pageFailed, .pageLate,
            .rulesChanged, .responderGone:
            false
        }
    }
}
