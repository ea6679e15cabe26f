internal import Domain

extension WhatsAppTemplate {
    /// WhatsApp allows three quick reply buttons. Ten placeholders are more than a page has to say.
    private static let mostButtons = 3
    private static let mostPlaceholders = 10

    /// Reads the template's settings. Nil if there is no template.
    package init?(_ reader: inout SettingsReader) {
        let parts = [
            "INFOBIP_WHATSAPP_PLACEHOLDERS", "INFOBIP_WHATSAPP_BUTTONS", "INFOBIP_WHATSAPP_LANGUAGES",
        ]
        let placeholders = WhatsAppTemplate.list(reader.text(parts[0]), separatedBy: "|")
        let buttons = WhatsAppTemplate.list(reader.text(parts[1]), separatedBy: "|")
        let languages = WhatsAppTemplate.list(reader.text(parts[2]), separatedBy: ",")
        guard let name = reader.text("INFOBIP_WHATSAPP_TEMPLATE") else {
            for variable in parts where reader.text(variable) != nil {
                reader.fail(variable, "set INFOBIP_WHATSAPP_TEMPLATE too, the template that it belongs to")
            }
            return nil
        }
        var texts: [TemplateText] = []
        for (place, text) in placeholders.enumerated() {
            do throws(TemplateFault) { texts.append(try TemplateText(text)) } catch {
                reader.fail(parts[0], "placeholder \(place + 1): \(error)")
            }
        }
        if placeholders.count > WhatsAppTemplate.mostPlaceholders {
            reader.fail(parts[0], "use at most \(WhatsAppTemplate.mostPlaceholders) placeholders")
        }
        if buttons.count > WhatsAppTemplate.mostButtons {
            reader.fail(parts[1], "use at most \(WhatsAppTemplate.mostButtons) buttons")
        }
        for button in buttons where Reply(button) == .unknown {
            reader.fail(parts[1], "\(button) is no reply; use ack, resolve or ?, with | between several")
        }
        for language in languages where !WhatsAppTemplate.isCode(language) {
            reader.fail(parts[2], "\(language) is no code of a language such as en or de_AT")
        }
        self.init(
            name: name, placeholders: texts, buttons: buttons, languages: languages.isEmpty ? ["en"] : languages)
    }

    private static func list(_ text: String?, separatedBy separator: Character) -> [String] {
        (text ?? "").split(separator: separator).map { String($0).trimmingBlanks() }.filter { !$0.isEmpty }
    }

    private static func isCode(_ text: String) -> Bool {
        text.count <= 10 && text.first?.isLetter == true && text.allSatisfy { $0.isASCII && ($0.isLetter || $0 == "_") }
    }
}
