internal import Domain
internal import Foundation
internal import Store

/// Writes what a channel of a team shows of an incident.
package struct PostComposer: Sendable {
    /// Returns the URL of an incident's page, by its number.
    private let incidentLink: @Sendable (Int) -> String

    package init(incidentLink: @escaping @Sendable (Int) -> String) { self.incidentLink = incidentLink }

    func message(
        for post: Post, _ incident: Incident, in channel: TeamChannel, _ configuration: Configuration
    ) -> Message {
        let subject = "[#\(incident.number) \(incident.severity.rawValue.uppercased())] \(incident.title)"
        let team = configuration.teams[incident.teamID]?.name ?? ""
        let lines = [line(of: incident), team.isEmpty ? "" : "Team \(team)", String(incident.text.prefix(500))]
        let detail = lines.filter { !$0.isEmpty }.joined(separator: "\n")
        let url = incidentLink(incident.number)
        let definition = channel.channel.definition
        let text = "\(subject)\n\n\(detail)\n\nOpen the incident: \(url)\n"
        var message = Message(
            id: "post-" + sha256("\(post.channelID) \(post.incidentID) \(post.wanted)").prefix(31),
            channel: channel.channel, address: channel.address,
            urgency: incident.postState == .resolved ? .low : incident.urgency, subject: subject,
            shortText: definition.textLimit?.fitted(detail) ?? detail, text: text,
            html: definition.form == .mail ? html(subject, detail, url) : nil, thread: incident.id.rawValue, url: url)
        if definition.form == .json {
            let values = values(incident, message.id, team: team, detail, url, configuration)
            message.body = channel.body.filled(values) ?? json(incident, team: team, detail, url)
            message.contentType = channel.body.header
        }
        message.isPost = true
        message.buttons = IncidentButtons(on: incident, isPost: true)
        if case .edit(let reference) = post.action(for: incident.postState) { message.edits = reference }
        return message
    }

    /// The message that carries a channel's code.
    func test(_ code: String, for channel: TeamChannel, _ configuration: Configuration) -> Message {
        let team = configuration.teams[channel.teamID]?.name ?? ""
        let text =
            "This is a test from PagerPal for the team \(team). To let incidents appear here, enter the code \(code) on "
            + "the team's page within 15 minutes."
        let subject = "Test message from PagerPal"
        let body = JSONText.object([("type", "test"), ("subject", subject), ("text", text), ("team", team)])
        var message = Message(
            id: "post-" + sha256("\(channel.id) \(code)").prefix(31), channel: channel.channel,
            address: channel.address, urgency: .low, subject: subject, shortText: text, text: text)
        if channel.channel.definition.form == .json {
            var values = TemplateValues(title: subject, text: text, team: team)
            values.facts = [.id: message.id, .type: "test", .urgency: "low", .possibleDuplicate: "false"]
            message.body = channel.body.filled(values) ?? body
            message.contentType = channel.body.header
        }
        message.isPost = true
        return message
    }

    /// `Acknowledged by Ada after 3 min`.
    private func line(of incident: Incident) -> String {
        let after = { (at: Timestamp) in "after \((at - incident.openedAt).rounded)" }
        switch incident.state {
        case .triggered(.held): return "Held during maintenance"
        case .triggered(.snoozed): return "Nobody has it. Snoozed."
        case .triggered(.exhausted): return "Nobody has it. The escalation policy came to its end."
        case .triggered(.due):
            return incident.cycle > 1 ? "Nobody has it. Escalated \(incident.cycle - 1)×" : "Nobody has it"
        case .acknowledged(let owner, let at, _, _): return "Acknowledged by \(owner.name) \(after(at))"
        case .resolved(let author, let at):
            return author.kind == .user ? "Resolved by \(author.name) \(after(at))" : "Over \(after(at))"
        }
    }

    private func html(_ subject: String, _ detail: String, _ url: String) -> String {
        let words = Words(
            subject: subject, text: detail, title: subject, body: detail,
            links: [
                Link(checkedTitle: "Open the incident", url: url)
            ])
        return MailBody.html(words, .english)
    }

    /// What the team's own body can say.
    private func values(
        _ incident: Incident, _ message: String, team: String, _ detail: String, _ url: String,
        _ configuration: Configuration
    ) -> TemplateValues {
        var values = TemplateValues(
            number: incident.number, severity: incident.severity.rawValue, title: incident.title, text: detail,
            team: team, source: incident.sourceID.flatMap { configuration.source($0)?.name } ?? "",
            opened: incident.openedAt.rfc3339, labels: incident.labels, link: url)
        values.facts = [
            .id: message, .type: "update", .state: incident.postState.rawValue, .urgency: incident.urgency.rawValue,
            .openedAt: incident.openedAt.rfc3339, .possibleDuplicate: "false", .owner: incident.ownerName ?? "",
        ]
        return values
    }

    private func json(_ incident: Incident, team: String, _ detail: String, _ url: String) -> String {
        JSONText.object([
            ("type", "update"), ("state", incident.postState.rawValue), ("team", team), ("text", detail),
            ("number", String(incident.number)), ("title", incident.title),
            ("severity", incident.severity.rawValue), ("url", url), ("opened_at", incident.openedAt.rfc3339),
            ("owner", incident.ownerName ?? ""),
        ])
    }
}

/// A JSON object of texts.
private enum JSONText {
    static func object(_ members: [(String, String)]) -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let data = try? encoder.encode(Dictionary(members) { first, _ in first })
        return data.map { String(decoding: $0, as: UTF8.self) } ?? "{}"
    }
}

extension Incident {
    fileprivate var ownerName: String? {
        if case .acknowledged(let owner, _, _, _) = state { owner.name } else { nil }
    }
}
