internal import Database
internal import Domain

/// Writes the text of a message: the most important facts first, how to acknowledge last.
package struct MessageWriter: Sendable {
    /// The maximum number of incidents that a message lists. For the rest it gives only their number.
    private static let named = 50
    /// The maximum number of labels.
    private static let labels = 20

    /// Returns a URL that acknowledges a message's incidents without signing in.
    private let acknowledgementLink: @Sendable (String) -> String
    /// Returns the URL of an incident's page, by its number.
    private let incidentLink: @Sendable (Int) -> String

    package init(
        acknowledgementLink: @escaping @Sendable (String) -> String, incidentLink: @escaping @Sendable (Int) -> String
    ) {
        self.acknowledgementLink = acknowledgementLink
        self.incidentLink = incidentLink
    }

    /// - Parameters:
    ///   - id: the message's.
    ///   - pages: those that leave with it, to one contact method.
    ///   - incidents: those of the pages. Templates are for messages about one incident.
    func message(
        _ id: String, _ pages: [Page], _ incidents: [Incident], _ configuration: Configuration
    ) throws(DatabaseError) -> Message {
        let page = pages[0]
        let isPossibleDuplicate = pages.contains(where: \.isPossibleDuplicate)
        var words: Words
        let phrases = Phrases.of(configuration.users[page.userID]?.locale ?? "en")
        switch page.purpose {
        case .test:
            words = Words(subject: "Test page from PagerPal", text: "This is a test page from PagerPal. It arrived.")
        case .verification(let text), .notice(let text):
            words = Words(subject: String(text.prefix { $0 != "\n" }), text: text)
        case .incident:
            words =
                incidents.count == 1
                ? single(incidents[0], id, page, configuration, phrases)
                : several(incidents, id, isPossibleDuplicate: isPossibleDuplicate, phrases)
        }
        let definition = page.channel.definition
        words.takeOwn(for: definition)
        let ids = pages.compactMap { if case .incident(let id, _, _) = $0.purpose { id } else { nil } }
        var message = Message(
            id: id, channel: page.channel, address: page.address, urgency: page.urgency,
            subject: words.subject, shortText: words.short(for: definition), text: words.text,
            html: definition.form == .mail ? MailBody.html(words, phrases) : nil,
            thread: ids.count == 1 ? ids[0].rawValue : nil,
            url: words.url)
        if definition.form == .json {
            (message.body, message.contentType) = try body(
                id, page, words, incidents, configuration, isPossibleDuplicate: isPossibleDuplicate)
        }
        if definition.form == .speech { message.speech = words.spoken(for: definition) }
        message.isPossibleDuplicate = isPossibleDuplicate
        if case .incident = page.purpose, incidents.count == 1 {
            message.buttons = IncidentButtons(on: incidents[0], isPost: false)
        }
        (message.values, message.locale) = (words.values, configuration.users[page.userID]?.locale ?? "en")
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
        let labels = incident.labels.sorted { $0.key < $1.key }.prefix(MessageWriter.labels).map {
            ($0.key, String($0.value.prefix(200)))
        }
        if !labels.isEmpty { detail += "\n" + labels.map { "\($0): \($1)\n" }.joined() }
        let own = Link(checkedTitle: "\(phrases.incident) #\(incident.number)", url: incidentLink(incident.number))
        let links = [own] + incident.links
        for link in links { detail += "\n\(link.title): \(link.url)" }
        let text = "\(incident.title)\n\n\(detail)\n\n\(phrases.acknowledge): \(link)\n"
        var values = TemplateValues(
            number: incident.number, severity: severity, title: incident.title,
            text: String(incident.text.prefix(2_000)), team: team,
            source: incident.sourceID.flatMap { configuration.source($0)?.name } ?? "", opened: opened,
            labels: incident.labels, link: link)
        if incident.isDrill { values.drill = phrases.drill }
        return Words(
            subject: "[\(head)] \(incident.title)", text: text,
            short: "\(head)\(again): \(incident.title.prefix(120))", shortEnd: "\n\(phrases.acknowledgeShort): \(link)",
            detail: detail,
            speech: speech(phrases) {
                $0.opening(of: incident, team: team, isPossibleDuplicate: page.isPossibleDuplicate)
            }, title: incident.title,
            facts: [
                (phrases.incident, "#\(incident.number)"), (phrases.severity, severity),
                (phrases.team.capitalizedFirst, team), (phrases.opened, opened),
                (phrases.alerts, String(incident.alertCount)),
            ].filter { !$0.1.isEmpty } + labels,
            body: String(incident.text.prefix(2_000)), links: links, url: link, values: values,
            own: OwnWords(
                configuration, phrases, values, severity: incident.severity,
                isPossibleDuplicate: page.isPossibleDuplicate))
    }

    /// What a call says in the person's language and in English.
    private func speech(_ phrases: Phrases, _ text: (CallWords) -> String) -> Speech {
        let words = CallWords.of(phrases.language)
        return Speech(text(words), language: words.language, english: text(.english))
    }

    private func several(
        _ incidents: [Incident], _ message: String, isPossibleDuplicate: Bool, _ phrases: Phrases
    ) -> Words {
        let link = acknowledgementLink(message)
        let again = isPossibleDuplicate ? " (\(phrases.possibleDuplicate))" : ""
        let subject = phrases.waiting(incidents.count) + again
        let named = incidents.prefix(MessageWriter.named)
        var lines = named.map { "#\($0.number) \(phrases.word(for: $0.severity)): \($0.title)" }
        let short = "\(subject): " + lines.prefix(3).map { String($0.prefix(80)) }.joined(separator: "; ")
        if incidents.count > named.count { lines.append(phrases.more(incidents.count - named.count)) }
        return Words(
            subject: subject,
            text: "\(subject)\n\n\(lines.joined(separator: "\n"))\n\n\(phrases.acknowledgeAll): \(link)\n",
            short: short + (lines.count > 3 ? "; ..." : ""), shortEnd: "\n\(phrases.acknowledgeShort): \(link)",
            detail: lines.joined(separator: "\n"),
            speech: speech(phrases) { $0.opening(of: Array(named.prefix(3)), count: incidents.count) }, title: subject,
            body: lines.joined(separator: "\n"), url: link)
    }
}
