import Formats
import TestSupport
import Testing

@testable import Domain

/// What a webhook gets in place of PagerPal's JSON.
@Suite struct BodyTemplateTests {
    @Test(
        arguments: [
            ("", "", nil, ""), (#"{"text": "{title}"}"#, "", nil, ""),
            (#"{"a":{"n":{number},"d":{possible_duplicate},"t":"{{title}}"}}"#, "", nil, ""),
            (#"["{text}", {}, {"x": "{labels.host} {id} {type} {state} {urgency} {owner} {opened_at}"}]"#, "", nil, ""),
            ("{title}", "text/plain; charset=utf-8", nil, ""),
            ("a={title}", "application/x-www-form-urlencoded", nil, ""),
            ("{title", "text/plain", "body", "{title} or {text}"),
            (#"{"text": "{titel}"}"#, "", "body", "no placeholder {titel}"), ("{title}", "", "body", "not JSON"),
            (#"{"text": {title}}"#, "", "body", "between quotes"),
            (#"{"n": {labels.n}, "t": "{title}"}"#, "", "body", "not JSON"),
            (#"{"t": "{title}", "n": {number}0}"#, "", "body", "not JSON"),
            (#"{"t": "\{title}"}"#, "", "body", "not JSON"),
            (#"{"t": "{title}",}"#, "", "body", "line 1, column"),
            (#"{"t": "{title}" "#, "application/json", "body", "not JSON"),
            (#"{"number": {number}}"#, "", "body", "{title} or {text}"),
            (
                #"{"t":"{title}","x":"\#(String(repeating: "x", count: 4_000))"}"#, "", "body",
                "4000 characters. These are"
            ),
            (String(repeating: "{title}", count: 51), "text/plain", "body", "at most 50 placeholders"),
            ("{title}", "text", "content_type", "media type"),
            ("{title}", "text/plain\r\nX: y", "content_type", "media type"),
            ("{title}", "text/\(String(repeating: "x", count: 100))", "content_type", "100 characters"),
            ("  ", "text/plain", "content_type", "body of your own"),
        ] as [(String, String, String?, String)])
    func `a body that can't be used says why`(text: String, type: String, field: String?, words: String) {
        let fault = BodyTemplate(text: text, contentType: type).fault
        #expect(fault?.field == field)
        if field != nil { #expect(fault?.explanation.contains(words) == true, "\(fault?.explanation ?? "")") }
    }

    private static let values: TemplateValues = {
        var values = TemplateValues.sample(title: #"Disk "full" & <hot> \ 100 %"# + "\n{title}")
        values.facts = [.id: "m-1", .type: "incident", .possibleDuplicate: "false"]
        return values
    }()

    @Test(arguments: [
        (
            #"{"t":"{title}","n":{number},"id":"{id}"}"#, "",
            #"{"t":"Disk \"full\" & <hot> \\ 100 %\n{title}","n":7,"id":"m-1"}"#
        ),
        (
            "t={title}&s={SEVERITY}", "application/x-www-form-urlencoded",
            "t=Disk%20%22full%22%20%26%20%3Chot%3E%20%5C%20100%20%25%0A%7Btitle%7D&s=CRITICAL"
        ),
        ("<t>{title}</t>", "application/xml", "<t>Disk &quot;full&quot; &amp; &lt;hot&gt; \\ 100 %\n{title}</t>"),
        ("{{ {title} }}", "text/plain", "{{ Disk \"full\" & <hot> \\ 100 %\n{title} }}"),
        (#"{"h":"{labels.host}{labels.rack}","x":"{text}"}"#, "application/vnd.x+json", #"{"h":"db-1","x":"More"}"#),
    ])
    func `values are escaped as the body needs it, and never read as a template`(
        text: String, type: String, body: String
    ) {
        #expect(BodyTemplate(text: text, contentType: type).filled(Self.values) == body)
    }

    @Test func `an empty or unreadable body gives PagerPal's JSON`() {
        #expect(BodyTemplate().filled(Self.values) == nil && BodyTemplate().header == "application/json")
        #expect(BodyTemplate(text: "{nothing}").filled(Self.values) == nil)
    }

    private func plain(_ text: String) -> BodyTemplate { BodyTemplate(text: text, contentType: "text/plain") }

    @Test func `a code and a drill are named, whether the body has a title or a text`() {
        let code = TemplateValues(title: "PagerPal", text: "Your code is 123456.\nTell nobody.")
        #expect(plain("{title}").filled(code) == "Your code is 123456. Tell nobody.")
        #expect(plain("{title}: {text}").filled(code) == "PagerPal: Your code is 123456.\nTell nobody.")
        var drill = TemplateValues.sample(title: "Drill for Ada")
        drill.drill = "Drill"
        #expect(plain("{text}").filled(drill) == "Drill for Ada\nMore")
        #expect(BodyTemplate(text: "{title}|{text}").filled(drill) == "Drill for Ada|More")
    }

    @Test func `a long value is cut`() {
        let body = BodyTemplate(text: "{text}").filled(
            TemplateValues(title: "", text: String(repeating: "x", count: 9_000)))
        #expect(body?.count == BodyTemplate.Limits.value)
    }
}
