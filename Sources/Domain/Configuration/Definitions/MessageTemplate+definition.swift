internal import Formats

extension MessageTemplate: Configurable {
    package static let definition = ConfigurableDefinition<MessageTemplate>(
        .messageTemplate, noun: "message template", path: "message-templates", values: \.messageTemplates,
        permissions: { _, _ in [.administer] },
        fields: [
            .plain(
                "use", \.use, isRequired: true,
                FieldControl("use", "What it replaces", isRequired: true, isFirst: true, .templateUse)),
            languageField, textField,
        ])

    private static let languageField = ConfigurableField<MessageTemplate>.plain(
        "language", \.language,
        FieldControl(
            "language", "Language", hint: "That of the people who get the message, as their accounts say.",
            isFirst: true, .templateLanguage),
        check: { template, check in
            let isTaken = check.after.messageTemplates.values.contains {
                $0.id != template.id && $0.use == template.use && $0.language == template.language
            }
            check.expect(
                !isTaken, "language", "There is a template “\(template.name)” already. Change that one.")
        })

    private static let textField = ConfigurableField<MessageTemplate>.plain(
        "text", \.text, isRequired: true,
        FieldControl(
            "text", "Your words", hint: "Placeholders in braces are filled in.", isRequired: true, isFirst: true,
            .lines(maximum: 1_000)),
        check: { template, check in
            if let fault = MessageTemplate.fault(in: template.text, for: template.use) { check.fault("text", fault) }
        })
}

extension MessageTemplate.Use: FieldValue {}
extension MessageTemplate.Language: FieldValue {}
