import Domain
import Foundation
import TestSupport
import Testing

@testable import Providers

/// What WhatsApp gets through Infobip.
@Suite struct WhatsAppTemplateTests {
    private static let variables = [
        "INFOBIP_BASE_URL": "https://x.api.infobip.com", "INFOBIP_API_KEY": "key",
        "INFOBIP_WHATSAPP_SENDER": "44123",
    ]
    private static let whole = variables.merging([
        "INFOBIP_WHATSAPP_TEMPLATE": "incident",
        "INFOBIP_WHATSAPP_PLACEHOLDERS": "{SEVERITY} | #{number} | {title} | {team} | {labels.rack} | {link}",
        "INFOBIP_WHATSAPP_BUTTONS": "ack | resolve", "INFOBIP_WHATSAPP_LANGUAGES": "en, de, pt_BR",
    ]) { $1 }

    private static let values = TemplateValues(
        number: 12, severity: "kritisch", title: "Disk  full\non db-1", text: "", team: "", source: "", opened: "",
        labels: [:], link: "https://p/a/1")

    private func read(_ variables: [String: String]) -> (settings: InfobipSettings?, faults: [String]) {
        var reader = SettingsReader { variables[$0] }
        let settings = InfobipSettings(
            &reader, ProviderSurroundings(isProduction: false, baseURL: "http://127.0.0.1:8000"))
        return (settings, reader.faults.map { "\($0.variable): \($0.advice)" })
    }

    private func call(_ variables: [String: String], _ change: (inout Message) -> Void = { _ in }) throws -> (
        path: String, content: [String: Any]
    ) {
        var message = InfobipTests.message
        message.channel = .whatsapp
        message.values = WhatsAppTemplateTests.values
        change(&message)
        let (found, faults) = read(variables)
        #expect(faults == [])
        let settings = try #require(found)
        let call = try #require(InfobipCall(message, settings))
        let body = try JSONSerialization.jsonObject(with: Data(call.body))
        let json = try #require(body as? [String: Any])
        let entry = (json["messages"] as? [[String: Any]])?.first ?? json
        return (call.path, try #require(entry["content"] as? [String: Any]))
    }

    private func placeholders(_ content: [String: Any]) throws -> [String] {
        let data = try #require(content["templateData"] as? [String: Any])
        return try #require((data["body"] as? [String: Any])?["placeholders"] as? [String])
    }

    @Test func `a template gets its values, buttons and the person's language`() throws {
        let (path, content) = try call(WhatsAppTemplateTests.whole) { $0.locale = "de-AT" }
        #expect(path == "/whatsapp/1/message/template")
        #expect(content["templateName"] as? String == "incident" && content["language"] as? String == "de")
        #expect(
            try placeholders(content) == ["KRITISCH", "#12", "Disk full on db-1", "-", "-", "https://p/a/1"])
        let buttons = (content["templateData"] as? [String: Any])?["buttons"] as? [[String: String]]
        #expect(
            buttons == [
                ["type": "QUICK_REPLY", "parameter": "ack"], ["type": "QUICK_REPLY", "parameter": "resolve"],
            ])
    }

    @Test func `a template without settings has one placeholder for the whole message`() throws {
        var variables = WhatsAppTemplateTests.variables
        variables["INFOBIP_WHATSAPP_TEMPLATE"] = "incident"
        let (_, content) = try call(variables) { $0.shortText = " #1 CRITICAL:\n\tDisk     full " }
        #expect(try placeholders(content) == ["#1 CRITICAL: Disk full"])
        #expect(content["language"] as? String == "en")
        #expect((content["templateData"] as? [String: Any])?["buttons"] == nil)
    }

    @Test(arguments: [
        ("{number} | {link}", ["Übung: 12", "https://p/a/1"]), ("{link} | {labels.rack}", ["https://p/a/1", "Übung"]),
        ("{number} | {title}", ["12", "Disk full on db-1"]), ("{link}", ["Übung https://p/a/1"]),
    ])
    func `a drill is called one, even where its title is left out`(placeholders: String, texts: [String]) throws {
        var variables = WhatsAppTemplateTests.whole
        variables["INFOBIP_WHATSAPP_PLACEHOLDERS"] = placeholders
        variables["INFOBIP_WHATSAPP_BUTTONS"] = nil
        let (_, content) = try call(variables) { $0.values?.drill = "Übung" }
        #expect(try self.placeholders(content) == texts)
    }

    @Test func `a message about several incidents stands where an incident has its title`() throws {
        let (_, content) = try call(WhatsAppTemplateTests.whole) {
            $0.values = nil
            $0.shortText = "3 unacknowledged incidents: #1, #2, #3\nAck: https://p/a/1"
        }
        #expect(
            try placeholders(content) == [
                "-", "-", "3 unacknowledged incidents: #1, #2, #3 Ack: https://p/a/1", "-", "-", "-",
            ])
    }

    @Test func `a long title leaves room for the other placeholders`() throws {
        let (_, content) = try call(WhatsAppTemplateTests.whole) {
            $0.values?.title = String(repeating: "x", count: 5_000)
        }
        let texts = try placeholders(content)
        #expect(texts.map(\.count).reduce(0, +) <= 1_000 && texts.last == "https://p/a/1")
    }

    @Test func `somebody who wrote lately gets text`() throws {
        let (path, content) = try call(WhatsAppTemplateTests.whole) { $0.isInConversation = true }
        #expect(path == "/whatsapp/1/message/text")
        #expect(content["text"] as? String == InfobipTests.message.shortText)
    }

    @Test(arguments: [
        ("de-AT", "de"), ("de", "de"), ("pt-PT", "pt_BR"), ("pt-BR", "pt_BR"), ("hr", "en"), ("", "en"),
    ])
    func `the registered language that fits best is used`(locale: String, language: String) {
        let template = WhatsAppTemplate(name: "incident", languages: ["en", "de", "pt_BR"])
        #expect(template.language(for: locale) == language)
    }

    @Test(arguments: [
        (["INFOBIP_WHATSAPP_BUTTONS": "ack"], "INFOBIP_WHATSAPP_BUTTONS: set INFOBIP_WHATSAPP_TEMPLATE too"),
        (
            ["INFOBIP_WHATSAPP_TEMPLATE": "t", "INFOBIP_WHATSAPP_PLACEHOLDERS": "{title} | {nam}"],
            "INFOBIP_WHATSAPP_PLACEHOLDERS: placeholder 2: There is no placeholder {nam}"
        ),
        (
            ["INFOBIP_WHATSAPP_TEMPLATE": "t", "INFOBIP_WHATSAPP_BUTTONS": "Yes please"],
            "INFOBIP_WHATSAPP_BUTTONS: Yes please is no reply"
        ),
        (
            ["INFOBIP_WHATSAPP_TEMPLATE": "t", "INFOBIP_WHATSAPP_BUTTONS": "ack|resolve|?|ack"],
            "INFOBIP_WHATSAPP_BUTTONS: use at most 3"
        ),
        (
            ["INFOBIP_WHATSAPP_TEMPLATE": "t", "INFOBIP_WHATSAPP_LANGUAGES": "en, de-AT"],
            "INFOBIP_WHATSAPP_LANGUAGES: de-AT is no code"
        ),
    ])
    func `a wrong setting is named`(more: [String: String], fault: String) {
        let faults = read(WhatsAppTemplateTests.variables.merging(more) { $1 }).faults
        #expect(faults.count == 1 && faults[0].hasPrefix(fault), "\(faults)")
    }
}
