import Domain

extension GoldenValues {
    private static let words: [(String, MessageTemplate.Use, MessageTemplate.Language, String)] = [
        ("text", .text, .all, "#{number} {SEVERITY}: {title}\n{link}"), ("voice", .voice, .en, "Incident {number}."),
        ("title", .title, .de, "[{severity}] {title}"), ("opening", .opening, .hr, "Zovi {{Boba}}: {labels.host}"),
        ("spanish", .text, .es, "¡{title}!"), ("french", .text, .fr, "Alerte : {title}"),
    ]

    static let templates: [(String, MessageTemplate)] = words.map { name, use, language, text in
        (name, MessageTemplate(id: "template", use: use, language: language, text: text))
    }
}
