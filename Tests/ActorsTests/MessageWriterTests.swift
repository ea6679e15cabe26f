import Domain
import TestSupport
import Testing

@testable import Actors

@Suite struct MessageWriterTests {
    private static let link = "https://pager.example.com/a/message"

    private static func incident(_ title: String = "Disk full on db-1", number: Int = 7) -> Incident {
        Incident(
            id: IncidentID("incident-\(number)"), number: number, sourceID: "source", teamID: "team-ops",
            dedupKey: DedupKey("disk"), title: title, text: "97 % of /var\nSee https://wiki.example.com/disk",
            severity: .critical, links: [], labels: ["host": "db-1", "runbook": "https://wiki.example.com/r"],
            policy: TestTeam().policy,
            state: .triggered(.exhausted), openedAt: TestTeam.start)
    }

    private func message(
        _ channel: Channel, _ templates: [(MessageTemplate.Use, String)] = [], locale: String = "en",
        language: MessageTemplate.Language = .all, _ incidents: [Incident] = [incident()], isDuplicate: Bool = false
    ) throws -> Message {
        var team = TestTeam()
        team.users[0].locale = locale
        var configuration = team.configuration
        for (use, text) in templates {
            let template = MessageTemplate(
                id: MessageTemplateID("\(use)"), use: use, language: language, text: text)
            configuration.messageTemplates[template.id] = template
        }
        let pages = incidents.map { incident in
            Page(
                id: PageID("page-\(incident.number)"), purpose: .incident(incident.id, cycle: 1, step: 0),
                userID: "ada", contactMethodID: "mail-ada", channel: channel, address: "x", urgency: .high,
                dueAt: TestTeam.start, isPossibleDuplicate: isDuplicate)
        }
        let writer = MessageWriter(
            acknowledgementLink: { "https://pager.example.com/a/\($0)" },
            incidentLink: { "https://pager.example.com/incidents/\($0)" })
        return try writer.message("message", pages, incidents, configuration)
    }

    @Test func `only a message about one open incident has buttons`() throws {
        let one = try message(.slack).buttons
        #expect(one?.actions == [.acknowledge, .resolve] && one?.target.incident == "incident-7")
        #expect(try message(.slack, [], [Self.incident(), Self.incident(number: 8)]).buttons == nil)
        var over = Self.incident()
        over.state = .resolved(by: .system, at: TestTeam.start)
        #expect(try message(.slack, [], [over]).buttons == nil)
    }

    // MARK: Without templates

    @Test func `without a template the words are PagerPal's`() throws {
        #expect(try message(.sms).shortText == "#7 CRITICAL: Disk full on db-1\nAck: \(Self.link)")
        #expect(
            try message(.voice).shortText
                == "PagerPal. critical incident 7, team Operations: Disk full on db-1.")
        let mail = try message(.email)
        #expect(mail.subject == "[#7 CRITICAL] Disk full on db-1")
        #expect(
            mail.text == """
                Disk full on db-1

                Incident #7, critical, team Operations
                Opened Wed 2026-03-04 12:00 (UTC), 1 alert so far

                97 % of /var
                See https://wiki.example.com/disk

                host: db-1
                runbook: https://wiki.example.com/r

                Incident #7: https://pager.example.com/incidents/7

                Acknowledge: \(Self.link)

                """)
        #expect(
            try message(.ntfy).shortText == """
                Incident #7, critical, team Operations
                Opened Wed 2026-03-04 12:00 (UTC), 1 alert so far

                97 % of /var
                See https://wiki.example.com/disk

                host: db-1
                runbook: https://wiki.example.com/r

                Incident #7: https://pager.example.com/incidents/7
                """)
        #expect(
            mail.html?.contains("<h1 style=\"font-size:20px;margin:0 0 12px\">Disk full on db-1</h1>\n<p><a href")
                == true)
    }

    /// The words of each language, as they were before there were templates.
    @Test(arguments: [
        ("en", "#7 CRITICAL: Disk full on db-1\nAck: "), ("de", "#7 KRITISCH: Disk full on db-1\nÜbernehmen: "),
        ("hr", "#7 KRITICNO: Disk full on db-1\nPreuzmi: "), ("es", "#7 CRITICO: Disk full on db-1\nAceptar: "),
        ("fr", "#7 CRITIQUE: Disk full on db-1\nPrendre: "),
    ])
    func `a template in one language changes no other one, and the usual text is the same as none`(
        locale: String, text: String
    ) throws {
        let other: MessageTemplate.Language = locale == "en" ? .de : .en
        #expect(try message(.sms, locale: locale).shortText == text + Self.link)
        #expect(try message(.sms, [(.text, "Own")], locale: locale, language: other).shortText == text + Self.link)
        let usual = MessageTemplate.Use.text.usualText
        #expect(try message(.sms, [(.text, usual)], locale: locale).shortText == text + Self.link)
    }

    @Test(arguments: MessageTemplate.Use.allCases.filter { !$0.usualText.isEmpty }, Channel.allCases)
    func `a template of PagerPal's own words changes nothing`(use: MessageTemplate.Use, channel: Channel) throws {
        for title in ["Disk full on db-1", String(repeating: "x", count: 500), String(repeating: "ž", count: 130)] {
            let incident = Self.incident(title)
            let plain = try message(channel, [], [incident])
            #expect(try message(channel, [(use, use.usualText)], [incident]) == plain)
        }
    }

    // MARK: With templates

    @Test(arguments: [
        ("{labels.host}: {title}", "db-1: Disk full on db-1\nAck: \(link)"),
        ("Open {link} now. {title}", "Open \(link) now. Disk full on db-1"),
        ("{{{source}}} {severity}/{team}", "{Prometheus} critical/Operations\nAck: \(link)"),
        ("Since {opened}", "Since Wed 2026-03-04 12:00 (UTC)\nAck: \(link)"),
    ])
    func `a text message has the operator's words, and the link once`(template: String, text: String) throws {
        #expect(try message(.sms, [(.text, template)]).shortText == text)
        #expect(try message(.whatsapp, [(.text, template)]).shortText == text)
    }

    @Test func `what is appended is in the person's language, and so is the severity`() throws {
        let text = try message(.sms, [(.text, "{severity}: {title}")], locale: "de-AT").shortText
        #expect(text == "kritisch: Disk full on db-1\nÜbernehmen: \(Self.link)")
        #expect(SMSText.isGSM(text))
    }

    @Test(arguments: Phrases.all.map(\.language), [true, false])
    func `a text message in any language is GSM 7-bit if the operator's words are`(
        locale: String, isDuplicate: Bool
    ) throws {
        for severity in Severity.allCases {
            var incident = Self.incident()
            incident.severity = severity
            for template in ["{severity} {SEVERITY} {title}", "{SEVERITY} {link}"] {
                let text = try message(
                    .sms, [(.text, template)], locale: locale, [incident], isDuplicate: isDuplicate
                ).shortText
                #expect(SMSText.isGSM(text), "\(text)")
            }
        }
    }

    @Test(arguments: ["ž", "x"], ["{title} {text}{labels.long}", "{link} {title}", "{title} {link}. Call 112"])
    func `a long text message keeps its link whole, in three parts`(letter: String, template: String) throws {
        let incident = Self.incident(String(repeating: letter, count: 500))
        let text = try message(.sms, [(.text, template)], [incident]).shortText
        #expect(SMSText.parts(of: text) <= 3)
        #expect(text.contains(Self.link))
        #expect(template.contains("112") == text.contains("Call 112"))
    }

    @Test(arguments: ["", " {link}"])
    func `a WhatsApp message fits into an approved template, with its link`(link: String) throws {
        let many = String(repeating: "{title} {text} ", count: 15) + link
        var incident = Self.incident(String(repeating: "x", count: 200))
        incident.text = String(repeating: "y", count: 200)
        let text = try message(.whatsapp, [(.text, many)], [incident]).shortText
        #expect(text.utf16.count <= 1_000)
        #expect(text.hasSuffix(Self.link))
    }

    @Test func `a possible duplicate is marked before the operator's words`() throws {
        #expect(
            try message(.sms, [(.text, "{title}")], isDuplicate: true).shortText
                == "(possible duplicate) Disk full on db-1\nAck: \(Self.link)")
        #expect(
            try message(.voice, [(.voice, "{title}")], isDuplicate: true).shortText
                == "Possible duplicate. Disk full on db-1")
        #expect(try message(.email, [(.opening, "Hi")], isDuplicate: true).text.contains("(possible duplicate)"))
    }

    @Test func `a call reads no address aloud, on one line, in English if the template is for all languages`() throws {
        let template = "Hello.\n{severity}: {text} {labels.runbook}"
        #expect(
            try message(.voice, [(.voice, template)], locale: "de").shortText
                == "Hello. critical: 97 % of /var See a link a link")
        let long = Self.incident(String(repeating: "x", count: 500))
        let words = try message(.voice, [(.voice, "{title}{title}{title}{title}. Call Bob.")], [long]).shortText
        #expect(words.utf16.count <= 1_400)
        #expect(words.hasSuffix("Call Bob."))
    }

    @Test func `a title is the subject of a mail and the title of a push message`() throws {
        let own: [(MessageTemplate.Use, String)] = [(.title, "PROD {title} ({labels.host})")]
        #expect(try message(.email, own).subject == "PROD Disk full on db-1 (db-1)")
        #expect(try message(.email, own).html?.contains("<title>PROD Disk full") == true)
        #expect(try message(.slack, own).headline == "PROD Disk full on db-1 (db-1)")
        #expect(try message(.email, own).text == message(.email).text)
    }

    @Test func `an opening stands before the facts of a mail, escaped, and of a push message`() throws {
        let own: [(MessageTemplate.Use, String)] = [(.opening, "Call <Bob> & {labels.host}\n{link}")]
        let mail = try message(.email, own)
        #expect(mail.text == "Call <Bob> & db-1\n\(Self.link)\n\n" + (try message(.email).text))
        #expect(mail.html?.contains("Call &lt;Bob&gt; &amp; db-1\n\(Self.link)</p>") == true)
        #expect(
            try message(.telegram, own).shortText
                == "Call <Bob> & db-1\n\(Self.link)\n\n" + message(.telegram).shortText)
    }

    @Test(arguments: Channel.allCases.filter { $0.definition.form == .push })
    func `a long opening leaves out facts, and never cuts its link`(channel: Channel) throws {
        let words = String(repeating: "x", count: 900)
        for text in ["\(words) {link}", "{link} \(words)", "{text} {link}", "\(words)\(words)"] {
            let shortText = try message(channel, [(.opening, text)]).shortText
            if case .characters(let limit)? = channel.definition.textLimit { #expect(shortText.utf16.count <= limit) }
            if text.contains("{link}") { #expect(shortText.contains(Self.link)) }
        }
    }

    @Test(arguments: MessageTemplate.Use.allCases)
    func `bundles, tests and programs get PagerPal's words`(use: MessageTemplate.Use) throws {
        let own = [(use, "Own words")]
        let two = [Self.incident(), Self.incident("Other", number: 8)]
        for channel in [Channel.sms, .voice, .email, .ntfy] {
            #expect(try message(channel, own, two) == message(channel, [], two))
        }
        #expect(try message(.webhook, own) == message(.webhook))
    }

    @Test(arguments: ["{labels.nothing}", "{labels.nothing} {link}", "{unknown} x", "{", ""])
    func `a template that says nothing or can't be read counts as none`(text: String) throws {
        let own = MessageTemplate.Use.allCases.map { ($0, text) }
        for channel in Channel.allCases { #expect(try message(channel, own) == message(channel)) }
    }
}
