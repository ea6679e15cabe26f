import Testing

@testable import Domain

@Suite struct TemplateTextTests {
    @Test(
        arguments: [
            ("Disk", [.words("Disk")]),
            ("#{number}: {title}", [.words("#"), .value(.number), .words(": "), .value(.title)]),
            ("{ severity }{SEVERITY}", [.value(.severity), .value(.severityInCapitals)]),
            ("{labels.kubernetes.io/name}", [.value(.label("kubernetes.io/name"))]),
            ("{{number}}", [.words("{number}")]),
            ("{{{number}}}", [.words("{"), .value(.number), .words("}")]),
            ("a }} b", [.words("a } b")]),
            ("", []),
        ] as [(String, [TemplateText.Piece])])
    func `a text is words and placeholders`(text: String, pieces: [TemplateText.Piece]) throws {
        #expect(try TemplateText(text).pieces == pieces)
    }

    @Test(
        arguments: [
            ("{hst}", .unknown(name: "hst")), ("{}", .unknown(name: "")), ("{Number}", .unknown(name: "Number")),
            ("{labels.}", .unknown(name: "labels.")), ("{title + 1}", .unknown(name: "title + 1")),
            ("ab {title", .unclosed(place: 4)), ("{title\n}", .unclosed(place: 1)), ("{ti{tle}", .unclosed(place: 1)),
            ("žž}", .unopened(place: 3)), ("{title}}", .unopened(place: 8)), ("{", .unclosed(place: 1)),
        ] as [(String, TemplateFault)])
    func `a text that can't be read says why`(text: String, fault: TemplateFault) {
        #expect(throws: fault) { try TemplateText(text) }
    }

    @Test func `an unknown placeholder names those that exist`() {
        let words = TemplateFault.unknown(name: "host").description
        #expect(words.contains("{host}"))
        for name in Placeholder.named.map(\.name) + ["labels.NAME"] { #expect(words.contains("{\(name)}")) }
    }

    @Test func `every placeholder has its value, and capitals are only for the severity`() throws {
        let text =
            "{number}|{severity}|{SEVERITY}|{title}|{text}|{team}|{source}|{opened}|{link}|{labels.host}|{labels.no}"
        let filled = try TemplateText(text).filled(.sample())
        #expect(
            filled
                == "7|critical|CRITICAL|Disk full|More|Operations|Prometheus|Sat 03:00|https://pager.example.com/a/AbCdEf012|db-1|"
        )
    }

    @Test func `a value is never read as a template`() throws {
        let values = TemplateValues.sample(title: "{link} {{number}} {labels.host}")
        #expect(try TemplateText("{title}").filled(values) == "{link} {{number}} {labels.host}")
    }

    @Test(arguments: ["{labels.no}", " {labels.no}\n", "{link}", "{labels.no} {link}"])
    func `a text that would say nothing is nil`(text: String) throws {
        #expect(try TemplateText(text).filled(.sample(), end: "\nAck: x") == nil)
    }
}

@Suite struct TemplateCuttingTests {
    private static let link = "https://pager.example.com/a/AbCdEf012"

    /// What is too long, in each alphabet, with each place of the link.
    @Test(arguments: ["x", "€", "ž", "👩‍👩‍👧", "漢", "{"])
    func `values are shortened, and words and the link stay whole`(letter: String) throws {
        let values = TemplateValues.sample(title: String(repeating: letter, count: 3_000))
        for text in ["Go {link} now: {title} in {team}. Call 112!", "{title} {link}", "{text}{title}. Call 112!"] {
            for limit in [TextLimit.smsParts(3), .characters(300)] {
                let template = try TemplateText(text)
                let end = template.links == 0 ? "\nAck: \(Self.link)" : ""
                let filled = try #require(template.filled(values, within: limit, end: end))
                #expect(limit.fits(filled))
                #expect(filled.contains(Self.link))
                #expect(filled.contains("..."))
                for words in ["Go ", " now: ", " in Operations. ", "Call 112!"] where text.contains(words) {
                    #expect(filled.contains(words), "\(words) in \(filled)")
                }
            }
        }
    }

    @Test func `the longest value is shortened first, as late as possible`() throws {
        let values = TemplateValues.sample(title: String(repeating: "x", count: 500), team: "Operations")
        let filled = try TemplateText("{team}: {title}").filled(
            values, within: .smsParts(3), end: "\nAck: \(Self.link)")
        #expect(filled?.hasPrefix("Operations: xxx") == true)
        #expect(filled.map { SMSText.length($0) } == 459)
    }

    @Test func `a text that fits is not touched, and one of exactly the limit is not cut`() throws {
        let values = TemplateValues.sample(title: String(repeating: "x", count: 10))
        #expect(try TemplateText("{title}").filled(values, within: .characters(10)) == "xxxxxxxxxx")
        #expect(try TemplateText("{title}").filled(values, within: .characters(9)) == "xxxxxx...")
        #expect(try TemplateText("a {title}").filled(values, within: .characters(4)) == "a ")
    }

    @Test(arguments: ["ž", "x"])
    func `words that are too long beside a long link are cut, and never the link`(letter: String) throws {
        var values = TemplateValues.sample()
        values.link = "https://" + String(repeating: "a", count: 150) + "/a/AbCdEf012"
        for place in ["{link}", "", "{title}{link}"] {
            let words = String(repeating: letter, count: 300)
            let template = try TemplateText("\(words)\(place) \(words)")
            let end = template.links == 0 ? "\nAck: \(values.link)" : ""
            let filled = try #require(template.filled(values, within: .smsParts(3), end: end))
            #expect(SMSText.parts(of: filled) <= 3)
            #expect(filled.hasSuffix(values.link))
            #expect(filled.hasPrefix(letter))
        }
    }

    @Test func `what stands before a text stays whole`() throws {
        let values = TemplateValues.sample(title: String(repeating: "x", count: 500))
        let filled = try TemplateText("{title}").filled(values, within: .characters(40), start: "(possible duplicate) ")
        #expect(filled == "(possible duplicate) " + String(repeating: "x", count: 16) + "...")
    }
}

@Suite struct MessageTemplateFaultTests {
    @Test(
        arguments: [
            (.text, "#{number} {title}", nil), (.text, "Go: {link} {title}", nil), (.text, "On fire", nil),
            (.text, " \n", "Write something"), (.text, "{link}", "besides the link"),
            (.text, "{link} {link}", "besides the link"),
            (.text, "{link}{title}{link}", "once"), (.text, "{hst}", "{hst}"), (.text, "{", "not closed"),
            (.text, String(repeating: "x", count: 301), "at most 300"),
            (.text, String(repeating: "x", count: 300), nil),
            (.text, String(repeating: "ž", count: 101), "(ž)"),
            (.text, String(repeating: "ž", count: 100), nil),
            (.voice, "Incident {number}: {title}", nil), (.voice, "{title} {link}", "read aloud"),
            (.voice, "See https://wiki.example.com/x now", "https://wiki.example.com/x"),
            (.title, "[{SEVERITY}] {title}", nil), (.title, "{title} {link}", "no room"), (.title, "a\nb", "one line"),
            (.opening, "{title}\nRunbook: https://wiki.example.com/{labels.service} {link}", nil),
            (.opening, "{link}{title}{link}", "once"), (.opening, String(repeating: "x", count: 1_001), "at most 1000"),
        ] as [(MessageTemplate.Use, String, String?)])
    func `a template says what is wrong with it`(use: MessageTemplate.Use, text: String, fault: String?) {
        let found = MessageTemplate.fault(in: text, for: use)
        if let fault { #expect(found?.contains(fault) == true, "\(found ?? "nothing")") } else { #expect(found == nil) }
    }

    @Test(arguments: MessageTemplate.Use.allCases.filter { !$0.usualText.isEmpty })
    func `PagerPal's own words are a template without faults`(use: MessageTemplate.Use) {
        #expect(MessageTemplate.fault(in: use.usualText, for: use) == nil)
    }

    @Test func `every language of the built-in words can have a template`() {
        let languages = MessageTemplate.Language.allCases.filter { $0 != .all }.map(\.rawValue)
        #expect(languages == ["en", "de", "hr", "es", "fr"])
        #expect(Set(languages) == Set(Phrases.all.map(\.language)))
    }

    @Test func `a language's own template comes before that of all languages`() {
        var configuration = Configuration()
        #expect(configuration.template(.text, in: "de") == nil)
        let all = MessageTemplate(id: "a", use: .text, text: "all")
        let german = MessageTemplate(id: "b", use: .text, language: .de, text: "German")
        configuration.messageTemplates = [all.id: all, german.id: german]
        #expect(configuration.template(.text, in: "de")?.text == "German")
        #expect(configuration.template(.text, in: "hr")?.text == "all")
        #expect(configuration.template(.voice, in: "de") == nil)
    }

    @Test(
        arguments: [("Disk full", []), ("ž a ž č", ["ž", "č"]), ("€^{", []), ("👩‍👩‍👧", ["👩‍👩‍👧"])] as [(String, [Character])])
    func `letters that leave GSM 7-bit are named once`(text: String, strays: [Character]) {
        #expect(SMSText.strays(in: text) == strays)
    }
}

extension TemplateValues {
    static func sample(title: String = "Disk full", team: String = "Operations") -> TemplateValues {
        TemplateValues(
            number: 7, severity: "critical", title: title, text: "More", team: team, source: "Prometheus",
            opened: "Sat 03:00", labels: ["host": "db-1"], link: "https://pager.example.com/a/AbCdEf012")
    }
}
