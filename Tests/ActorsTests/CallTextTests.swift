import Domain
import TestSupport
import Testing

@testable import Actors

/// What calls say in the languages of people, and how drills are called.
@Suite struct CallTextTests {
    private func message(
        _ channel: Channel, locale: String, _ templates: [MessageTemplate] = [], isDrill: Bool = false,
        purpose: Page.Purpose? = nil, count: Int = 1
    ) throws -> Message {
        var team = TestTeam()
        team.users[0].locale = locale
        var configuration = team.configuration
        for template in templates { configuration.messageTemplates[template.id] = template }
        let incidents = (0..<count).map { index in
            Incident(
                id: IncidentID("incident-\(index)"), number: 7 + index, sourceID: isDrill ? Drill.sourceID : "source",
                teamID: "team-ops", dedupKey: DedupKey("disk"), title: isDrill ? "Drill for Ada" : "Disk full",
                text: "See https://x", severity: .critical, links: [], labels: ["host": "db-1"],
                policy: TestTeam().policy, state: .triggered(.exhausted), openedAt: TestTeam.start)
        }
        let pages = incidents.map { incident in
            Page(
                id: PageID("page-\(incident.number)"), purpose: purpose ?? .incident(incident.id, cycle: 1, step: 0),
                userID: "ada", contactMethodID: "mail-ada", channel: channel, address: "x", urgency: .high,
                dueAt: TestTeam.start)
        }
        let writer = MessageWriter(
            acknowledgementLink: { "https://p/a/\($0)" }, incidentLink: { "https://p/incidents/\($0)" })
        return try writer.message("message", pages, purpose == nil ? incidents : [], configuration)
    }

    private func template(
        _ text: String, _ language: MessageTemplate.Language = .all, use: MessageTemplate.Use = .voice
    ) -> MessageTemplate {
        MessageTemplate(id: MessageTemplateID("\(use) \(language)"), use: use, language: language, text: text)
    }

    private static let english = "PagerPal. critical incident 7, team Operations: Disk full."
    private static let german = "PagerPal. Vorfall 7, kritisch, Team Operations: Disk full."

    @Test(arguments: Phrases.all.map(\.language))
    func `a call is in the person's language, and in English for vendors without a voice`(language: String) throws {
        let message = try message(.voice, locale: "\(language)-XX")
        let speech = try #require(message.speech)
        #expect(speech.language == language && speech.text == message.shortText)
        #expect(speech.english == Self.english)
        #expect((speech.text == speech.english) == (language == "en"))
        let several = try #require(try self.message(.voice, locale: language, count: 2).speech)
        #expect(several.text.contains(" 7: Disk full. ") && several.english.contains("Number 8: Disk full."))
    }

    @Test(
        arguments: [
            ([], "de", german, english), ([("Los: {severity} {title}", .de)], "de", "Los: kritisch Disk full", english),
            ([("Go: {severity} {title}", .all)], "en", "Go: critical Disk full", "Go: critical Disk full"),
            (
                [("Los: {title}", .de), ("Go: {title}", .all)], "de", "Los: Disk full", "Go: Disk full"
            ), ([("Los: {title}", .de)], "en", english, english),
            ([("Go: {text}", .en)], "de", german, "Go: See a link"),
        ] as [([(String, MessageTemplate.Language)], String, String, String)])
    func `a template is spoken in its language`(
        templates: [(String, MessageTemplate.Language)], locale: String, text: String, inEnglish: String
    ) throws {
        let speech = try #require(try message(.voice, locale: locale, templates.map { template($0.0, $0.1) }).speech)
        #expect(speech.text == text && speech.english == inEnglish)
        #expect(speech.language == (locale == "de" ? "de" : "en"))
    }

    @Test(arguments: MessageTemplate.Language.allCases.filter { $0 != .all })
    func `a template of PagerPal's own words changes nothing in any language`(language: MessageTemplate.Language) throws
    {
        let own = template(MessageTemplate.Use.voice.usualText(in: language), language)
        let locale = language.rawValue
        #expect(try message(.voice, locale: locale, [own]) == message(.voice, locale: locale))
        #expect(MessageTemplate.fault(in: own.text, for: .voice) == nil)
    }

    @Test func `a template for all languages is spoken by an English voice, with English words`() throws {
        let message = try message(.voice, locale: "de", [template("Go: {severity} {title}")])
        #expect(message.speech == Speech("Go: critical Disk full"))
    }

    @Test(arguments: [
        Page.Purpose.test, .verification(text: "Your PagerPal code is 1, 2, 3."), .notice(text: "You are on call."),
    ])
    func `what is not about an incident is English, and so is its voice`(purpose: Page.Purpose) throws {
        let message = try message(.voice, locale: "hr", purpose: purpose)
        #expect(message.speech == Speech(message.shortText))
    }

    /// Every text that a person gets, for each channel.
    private func texts(_ message: Message) -> [String] {
        switch message.channel.definition.form {
        case .mail: [message.subject, message.text]
        case .push: [message.headline + "\n" + message.shortText]
        case .speech: [message.speech?.text ?? "", message.speech?.english ?? ""]
        case .json: [message.body ?? ""]
        case .text: [message.shortText]
        }
    }

    @Test(
        arguments: Channel.allCases,
        [
            ("en", ["Drill"]), ("de", ["Übung"]), ("hr", ["Vjezba", "Vježba"]), ("es", ["Simulacro"]),
            ("fr", ["Exercice"]),
        ])
    func `a drill says that it is one, whatever the templates leave out`(
        channel: Channel, language: (code: String, words: [String])
    ) throws {
        let bare = ["Wake up", "{number}", "{labels.host}: {text}", "{team} {severity}"]
        for words in bare {
            for own in [MessageTemplate.Language.all, MessageTemplate.Language(rawValue: language.code)!] {
                let templates = MessageTemplate.Use.allCases.map { template(words, own, use: $0) }
                let message = try message(channel, locale: language.code, templates, isDrill: true)
                for text in texts(message) {
                    #expect(
                        (language.words + ["Drill"]).contains { text.contains($0) }, "\(channel) \(language): \(text)")
                }
                let real = try self.message(channel, locale: language.code, templates)
                for text in texts(real) { #expect(!(language.words + ["Drill"]).contains { text.contains($0) }) }
            }
        }
        let named = MessageTemplate.Use.allCases.map { template("{title}", use: $0) }
        #expect(
            try message(channel, locale: language.code, named, isDrill: true).subject == "Drill for Ada"
                // A webhook has PagerPal's words always.
                || channel == .webhook)
    }

    @Test func `the word for a drill stays within GSM 7-bit in text messages`() {
        for phrases in Phrases.all { #expect(SMSText.isGSM(phrases.drill)) }
    }
}
