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
    /// Returns the code in that URL.
    let linkCode: @Sendable (String) -> String
    /// Returns the URL of an incident's page, by its number.
    private let incidentLink: @Sendable (Int) -> String

    package init(
        store: Store, acknowledgementLink: @escaping @Sendable (String) -> String,
        linkCode: @escaping @Sendable (String) -> String,
        incidentLink: @escaping @Sendable (Int) -> String
    ) {
        self.store = store
        self.incidentLink = incidentLink
        self.acknowledgementLink = acknowledgementLink
        self.linkCode = linkCode
    }

    func message(
        for claimed: ClaimedMessage, names configuration: Configuration
    ) async throws(DatabaseError) -> Message {
        let page = claimed.pages[0].page
        let ids = claimed.pages.compactMap(\.incidentID)
        let incidents = ids.isEmpty ? [] : try await store.incidents(ids)
        let words: Words
        let phrases = Phrases.of(configuration.users[page.userID]?.locale ?? "en")
        switch page.purpose {
        case .test:
            words = Words(subject: "Test page from PagerPal", text: "This is a test page from PagerPal. It arrived.")
        case .verification(let text), .notice(let text):
            words = Words(subject: String(text.prefix { $0 != "\n" }), text: text)
        case .incident:
            words =
                incidents.count == 1
                ? single(incidents[0], claimed.id, page, configuration, phrases)
                : several(
                    incidents, claimed.id, isPossibleDuplicate: claimed.pages.contains { $0.page.isPossibleDuplicate },
                    phrases)
        }
        let form = page.channel.definition.form
        var message = Message(
            id: claimed.id, channel: page.channel, address: page.address, urgency: page.urgency,
            subject: words.subject, shortText: words.short(for: page.channel.definition), text: words.text,
            html: form == .mail ? MailBody.html(words, phrases) : nil, thread: ids.count == 1 ? ids[0].rawValue : nil,
            url: words.url,
            json: form == .json ? try WebhookBody(claimed.id, page, words, incidents).json() : nil)
        message.isPossibleDuplicate = claimed.pages.contains { $0.page.isPossibleDuplicate }
        return message
    }

    private func single(
        _ incident: Incident, _ message: String, _ page: Page, _ configuration: Configuration, _ phrases: Phrases
    ) -> Words {
        let link = acknowledgementLink(message)
        let again = page.isPossibleDuplicate ? " (\(phrases.possibleDuplicate))" : ""
        let team = configuration.teams[incident.teamID]?.name ?? ""
        let opened = configuration.local(incident.openedAt, of: page.userID)
        let severity = phrases.word(for: incident.severity)
        let head = "#\(incident.number) \(severity.uppercased())"
        var detail = "\(phrases.incident) #\(incident.number), \(severity)\(again)"
        if !team.isEmpty { detail += ", \(phrases.team) \(team)" }
        detail += "\n\(phrases.opened) \(opened), \(phrases.alertsSoFar(incident.alertCount))\n"
        if incident.alerts.count > 1 {
            detail += phrases.firing(incident.firingAlerts, of: incident.alerts.count) + "\n"
        }
        if !incident.text.isEmpty { detail += "\n\(incident.text.prefix(2_000))\n" }
        let own = Link(checkedTitle: "\(phrases.incident) #\(incident.number)", url: incidentLink(incident.number))
        let links = [own] + incident.links
        for link in links { detail += "\n\(link.title): \(link.url)" }
        let text = "\(incident.title)\n\n\(detail)\n\n\(phrases.acknowledge): \(link)\n"
        return Words(
            subject: "[\(head)] \(incident.title)", text: text,
            short: "\(head)\(again): \(incident.title.prefix(120))", shortEnd: "\n\(phrases.acknowledgeShort): \(link)",
            detail: detail,
            speech: "PagerPal. \(incident.severity.rawValue) incident \(incident.number)"
                + (page.isPossibleDuplicate ? " (possible duplicate)" : "")
                + "\(team.isEmpty ? "" : ", team \(team)"): \(incident.title).", title: incident.title,
            facts: [
                (phrases.incident, "#\(incident.number)"), (phrases.severity, severity),
                (phrases.team.capitalizedFirst, team), (phrases.opened, opened),
                (phrases.alerts, String(incident.alertCount)),
            ].filter { !$0.1.isEmpty },
            body: String(incident.text.prefix(2_000)), links: links, url: link)
    }

    private func several(
        _ incidents: [Incident], _ message: String, isPossibleDuplicate: Bool, _ phrases: Phrases
    ) -> Words {
        let link = acknowledgementLink(message)
        let again = isPossibleDuplicate ? " (\(phrases.possibleDuplicate))" : ""
        let subject = phrases.waiting(incidents.count) + again
        let named = incidents.prefix(MessageComposer.named)
        var lines = named.map { "#\($0.number) \(phrases.word(for: $0.severity)): \($0.title)" }
        let short = "\(subject): " + lines.prefix(3).map { String($0.prefix(80)) }.joined(separator: "; ")
        let spoken = named.prefix(3).map { "Number \($0.number): \($0.title)." }.joined(separator: " ")
        if incidents.count > named.count { lines.append(phrases.more(incidents.count - named.count)) }
        return Words(
            subject: subject,
            text: "\(subject)\n\n\(lines.joined(separator: "\n"))\n\n\(phrases.acknowledgeAll): \(link)\n",
            short: short + (lines.count > 3 ? "; ..." : ""), shortEnd: "\n\(phrases.acknowledgeShort): \(link)",
            detail: lines.joined(separator: "\n"),
            speech: "PagerPal. \(Phrases.english.waiting(incidents.count)). \(spoken)", title: subject,
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
