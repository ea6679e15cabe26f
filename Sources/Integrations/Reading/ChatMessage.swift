internal import Domain
internal import Formats

/// A message as chats take it. Many senders can write to nothing else: Slack's `text`, `attachments` and `blocks`, which
/// Mattermost and others take as well, the cards of Teams, and Discord's `content` and `embeds`.
///
/// Lines like `*Title:* Pod crashed` are read as fields.
struct ChatMessage {
    private let lines: [String]
    private let links: [String]
    private let color: String?
    private let fields: JSONObject

    /// Nil when the body has another shape.
    init?(_ json: JSON) {
        guard let object = json.object, Self.isMessage(json) else { return nil }
        var reader = Reader()
        for name in ["title", "summary", "pretext", "text", "content", "fallback"] { reader.add(object[name]) }
        reader.read(attachments: json["attachments"] ?? json["embeds"])
        reader.read(blocks: json["blocks"])
        for section in json["sections"]?.array ?? [] { reader.read(card: section) }
        guard !reader.lines.isEmpty else { return nil }
        (lines, links) = (reader.lines, reader.links)
        color = reader.color ?? json.text("themeColor")
        fields = PlainText.fields(in: lines, adding: reader.fields)
    }

    private static let own: Set<String> = [
        "text", "attachments", "blocks", "channel", "username", "icon_emoji", "icon_url", "mrkdwn", "thread_ts",
        "unfurl_links",
        "unfurl_media", "link_names", "parse", "content", "embeds", "avatar_url", "tts", "allowed_mentions", "@type",
        "@context",
        "themeColor", "summary", "title", "sections", "potentialAction", "type", "chat_id", "parse_mode", "props",
        "alias",
        "avatar", "emoji", "msgtype", "cards", "cardsV2", "flags", "disable_web_page_preview",
    ]

    private static func isMessage(_ json: JSON) -> Bool {
        guard let object = json.object, object.members.allSatisfy({ own.contains($0.name) }) else { return false }
        let hasText = json.text("text", "content") != nil
        let isRich = ["attachments", "blocks", "embeds", "sections"].contains { json[$0]?.array?.isEmpty == false }
        // With a title of its own it is no chat's message, except for a card.
        return isRich || json["@type"] != nil
            || hasText && json["title"] == nil && json["summary"] == nil && json["type"] == nil
    }

    func draft(_ options: SourceOptions, _ now: Timestamp) -> Draft? {
        PlainText.draft(lines: lines, fields: fields, links: links, color: color, options, now)
    }

    /// Collects the texts of a message in their order.
    private struct Reader {
        var lines: [String] = []
        var links: [String] = []
        var color: String?
        var fields = JSONObject()

        mutating func add(_ value: JSON?) {
            guard case .string(let text)? = value, text.contains(where: { !$0.isWhitespace }) else { return }
            for line in text.split(whereSeparator: \.isNewline).map({ $0.trimmingBlanks() }) where !line.isEmpty {
                if lines.count < 200 && !lines.contains(line) { lines.append(line) }
            }
        }

        private mutating func link(_ value: JSON?) { if let url = value?.text { links.append(url) } }

        mutating func read(attachments: JSON?) {
            for attachment in attachments?.array?.prefix(50) ?? [] {
                if attachment["content"]?.object != nil { read(elements: attachment.at("content.body")) }
                for name in ["pretext", "title", "text", "description"] { add(attachment[name]) }
                if lines.isEmpty { add(attachment["fallback"]) }
                link(attachment["title_link"] ?? attachment["url"])
                read(fields: attachment["fields"])
                read(blocks: attachment["blocks"])
                read(actions: attachment["actions"])
                color = color ?? attachment.text("color")
            }
        }

        mutating func read(blocks: JSON?) {
            for block in blocks?.array?.prefix(100) ?? [] {
                add(block["text"]?["text"] ?? block["text"])
                for field in block["fields"]?.array ?? [] { add(field["text"]) }
                for element in block["elements"]?.array ?? [] {
                    add(element["text"])
                    link(element["url"])
                }
            }
        }

        mutating func read(card: JSON) {
            for name in ["activityTitle", "title", "activitySubtitle", "text", "activityText"] { add(card[name]) }
            read(fields: card["facts"])
        }

        /// The elements of an adaptive card.
        private mutating func read(elements: JSON?) {
            for element in elements?.array?.prefix(100) ?? [] {
                add(element["text"])
                read(fields: element["facts"])
                for inner in element["items"]?.array?.prefix(50) ?? [] { add(inner["text"]) }
            }
        }

        private mutating func read(fields list: JSON?) {
            for field in list?.array?.prefix(50) ?? [] {
                guard let name = field.text("title", "name"), let value = field.text("value") else { continue }
                fields[name] = .string(value)
                add(.string("\(name): \(value)"))
            }
        }

        private mutating func read(actions: JSON?) {
            for action in actions?.array?.prefix(10) ?? [] { link(action["url"]) }
        }
    }
}
