internal import Database
internal import Domain
package import Store

/// Writes the text of a message: the most important facts first, how to acknowledge last.
package struct MessageComposer: Sendable {
    /// The maximum number of incidents that a message lists. For the rest it gives only their number.
    private static let named = 50

    private let store: Store
    /// Returns a URL that acknowledges a message's incidents without signing in.
    private let acknowledgementLink: @Sendable (String) -> String
    /// Returns the URL of an incident's page, by its number.
    private let incidentLink: @Sendable (Int) -> String

    package init(
        store: Store, acknowledgementLink: @escaping @Sendable (String) -> String,
        incidentLink: @escaping @Sendable (Int) -> String
    ) {
        self.store = store
        self.incidentLink = incidentLink
        self.acknowledgementLink = acknowledgementLink
    }

    func message(
        for claimed: ClaimedMessage, names configuration: Configuration
    ) async throws(DatabaseError) -> Message {
        let page = claimed.pages[0].page
        let ids = claimed.pages.compactMap(\.incidentID)
        let incidents = ids.isEmpty ? [] : try await store.incidents(ids)
        let words: Words
        switch page.purpose {
        case .test:
            words = Words(subject: "Test page from PagerPal", text: "This is a test page from PagerPal. It arrived.")
        case .verification(let text), .notice(let text):
            words = Words(subject: String(text.prefix { $0 != "\n" }), text: text)
        case .incident:
            words =
                incidents.count == 1
                ? single(incidents[0], claimed.id, page, configuration)
                : several(
                    incidents, claimed.id, isPossibleDuplicate: claimed.pages.contains { $0.page.isPossibleDuplicate })
        }
        let form = page.channel.definition.form
        return Message(
            id: claimed.id, channel: page.channel, address: page.address, urgency: page.urgency,
            subject: words.subject, shortText: words.short(for: page.channel.definition), text: words.text,
            html: form == .mail ? MailBody.html(words) : nil, thread: ids.count == 1 ? ids[0].rawValue : nil,
            url: words.url,
            json: form == .json ? try WebhookBody(claimed.id, page, words, incidents).json() : nil)
    }

    private func single(_ incident: Incident, _ message: String, _ page: Page, _ configuration: Configuration) -> Words
    {
        let link = acknowledgementLink(message)
        let again = page.isPossibleDuplicate ? " (possible duplicate)" : ""
        let team = configuration.teams[incident.teamID]?.name ?? ""
        let opened = configuration.local(incident.openedAt, of: page.userID)
        let head = "#\(incident.number) \(incident.severity.rawValue.uppercased())"
        let alerts = incident.alertCount == 1 ? "1 alert" : "\(incident.alertCount) alerts"
        var detail = "Incident #\(incident.number), \(incident.severity.rawValue)\(again)"
        if !team.isEmpty { detail += ", team \(team)" }
        detail += "\nOpened \(opened), \(alerts) so far\n"
        if incident.alerts.count > 1 { detail += "\(incident.firingAlerts) of \(incident.alerts.count) alerts fire\n" }
        if !incident.text.isEmpty { detail += "\n\(incident.text.prefix(2_000))\n" }
        let own = Link(checkedTitle: "Incident #\(incident.number)", url: incidentLink(incident.number))
        let links = [own] + incident.links
        for link in links { detail += "\n\(link.title): \(link.url)" }
        let text = "\(incident.title)\n\n\(detail)\n\nAcknowledge: \(link)\n"
        return Words(
            subject: "[\(head)] \(incident.title)", text: text,
            short: "\(head)\(again): \(incident.title.prefix(120))", shortEnd: "\nAck: \(link)", detail: detail,
            speech: "PagerPal. \(incident.severity.rawValue) incident \(incident.number)\(again)"
                + "\(team.isEmpty ? "" : ", team \(team)"): \(incident.title).", title: incident.title,
            facts: [
                ("Incident", "#\(incident.number)"), ("Severity", incident.severity.rawValue), ("Team", team),
                ("Opened", opened), ("Alerts", String(incident.alertCount)),
            ].filter { !$0.1.isEmpty },
            body: String(incident.text.prefix(2_000)), links: links, url: link)
    }

    private func several(_ incidents: [Incident], _ message: String, isPossibleDuplicate: Bool) -> Words {
        let link = acknowledgementLink(message)
        let again = isPossibleDuplicate ? " (possible duplicate)" : ""
        let subject = "\(incidents.count) unacknowledged incidents\(again)"
        let named = incidents.prefix(MessageComposer.named)
        var lines = named.map { "#\($0.number) \($0.severity.rawValue): \($0.title)" }
        let short = "\(subject): " + lines.prefix(3).map { String($0.prefix(80)) }.joined(separator: "; ")
        let spoken = named.prefix(3).map { "Number \($0.number): \($0.title)." }.joined(separator: " ")
        if incidents.count > named.count { lines.append("… and \(incidents.count - named.count) more") }
        return Words(
            subject: subject, text: "\(subject)\n\n\(lines.joined(separator: "\n"))\n\nAcknowledge all: \(link)\n",
            short: short + (lines.count > 3 ? "; ..." : ""), shortEnd: "\nAck: \(link)",
            detail: lines.joined(separator: "\n"),
            speech: "PagerPal. \(subject). \(spoken)", title: subject,
            body: lines.joined(separator: "\n"), url: link)
    }
}

/// The text of one message, before it is adapted to a channel.
struct Words {
    var subject: String
    var text: String
    /// For channels that limit the length; nil if the text is short anyway.
    var short: String?
    /// The end of the short text, which must not be truncated.
    var shortEnd = ""
    /// What stands below the title of a push message; nil if it is the whole text.
    var detail: String?
    /// The text that a voice call reads aloud.
    var speech: String?
    var title: String?
    var facts: [(String, String)] = []
    var body = ""
    var links: [Link] = []
    var url: String?

    /// Returns the short text in the form and length that the channel accepts.
    func short(for channel: ChannelDefinition) -> String {
        if channel.form == .push {
            return channel.textLimit?.fitted(detail ?? text) ?? detail ?? text
        }
        let text = short ?? text
        if channel.form == .speech {
            // A listener can't write down an address that is read aloud.
            return (speech ?? text).replacing(/https?:\/\/\S+/, with: "a link")
        }
        return channel.textLimit?.fitted(text, keeping: shortEnd) ?? text + shortEnd
    }
}
