package import Domain

/// Messages in Slack. An address is an incoming webhook (https://docs.slack.dev/messaging/sending-messages-using-incoming-webhooks),
/// or the id of a channel or a person to whom the operator's bot writes
/// (https://docs.slack.dev/reference/methods/chat.postMessage). Only a bot can edit what it wrote.
package struct SlackVendor: HTTPVendor {
    package var server: String
    package var token: Secret?
    /// Proves that calls come from Slack. Without it nobody could press a button, so messages have none.
    package var signingSecret: Secret?
    package var timeout: Duration
    package var reach: CurlRequest.Reach

    package static let server = "https://slack.com"

    /// - Parameter reach: anything other than public addresses is for tests.
    package init(
        server: String = server, token: Secret? = nil, signingSecret: Secret? = nil, timeout: Duration = .seconds(10),
        reach: CurlRequest.Reach = .publicOnly
    ) {
        self.server = server
        self.token = token
        self.signingSecret = signingSecret
        self.timeout = timeout
        self.reach = reach
    }

    package let name = "slack"
    package let title = "Slack"
    package var advice: String? { "Check SLACK_BOT_TOKEN." }
    package var secrets: [String] { [token?.reveal(), signingSecret?.reveal()].compactMap(\.self) }

    /// One message a second for each webhook is what Slack asks for.
    package var limits: ProviderLimits { ProviderLimits(perSecond: 5, burst: 10, concurrency: 4) }

    /// The longest text of a block.
    private static let limit = TextLimit.characters(3_000)

    package func request(for message: Message) -> VendorRequest {
        // Slack calls the address of the bot's app only.
        let isBot = !message.address.contains("/")
        let buttons = isBot && signingSecret != nil ? message.buttons : nil
        let text = "*\(SlackVendor.escaped(message.headline))*\n\(SlackVendor.escaped(message.shortText))"
        let words = buttons == nil || message.isPost ? message.action : "Open"
        let link = message.url.map { "\n<\($0)|\(words)>" } ?? ""
        var body: [String: Any] = [
            // The text of notifications.
            "text": SlackVendor.escaped(message.headline),
            "blocks": SlackVendor.blocks(SlackVendor.limit.fitted(text, keeping: link), buttons),
        ]
        // Otherwise Slack would open the links.
        if message.edits == nil { (body["unfurl_links"], body["unfurl_media"]) = (false, false) }
        guard isBot else { return VendorRequest(json: body, to: message.address) }
        let login = [("Authorization", "Bearer \(token?.reveal() ?? "")")]
        body["channel"] = message.address
        guard let edited = message.edits?.split(separator: " "), edited.count == 2 else {
            return VendorRequest(json: body, to: "\(server)/api/chat.postMessage", headers: login)
        }
        // A message to a person is in a channel whose id only the answer says.
        (body["channel"], body["ts"]) = (String(edited[0]), String(edited[1]))
        return VendorRequest(json: body, to: "\(server)/api/chat.update", headers: login)
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        if answer.status == 200, let isFine = answer.json["ok"] as? Bool {
            return isFine ? .accepted(reference: nil) : verdict(on: answer.string("error") ?? "")
        }
        return switch answer.status {
        case 200: answer.text == "ok" ? .accepted(reference: nil) : .unclear
        case 400 where answer.text == "user_not_found": .refused(.recipient)
        // Those of a webhook, because the methods for bots answer 200 to errors.
        case 401, 403, 404, 410: .refused(.recipient)
        default: nil
        }
    }

    private func verdict(on error: String) -> VendorVerdict {
        switch error {
        case "channel_not_found", "not_in_channel", "is_archived", "user_not_found", "messages_tab_disabled",
            "restricted_action":
            .refused(.recipient)
        case "not_authed", "invalid_auth", "account_inactive", "token_revoked", "token_expired", "missing_scope",
            "no_permission", "org_login_required", "ekm_access_denied", "not_allowed_token_type",
            "team_access_not_granted":
            .refused(.account)
        case "ratelimited", "rate_limited", "internal_error", "fatal_error", "service_unavailable", "request_timeout":
            .later(after: nil)
        default: .refused(.message)
        }
    }

    package func postReference(in answer: VendorAnswer) -> String? {
        guard let channel = answer.string("channel"), let time = answer.string("ts") else { return nil }
        return "\(channel) \(time)"
    }

    package func words(in answer: VendorAnswer) -> String? {
        let word = (answer.string("error") ?? answer.text).trimmingBlanks()
        return word.wholeMatch(of: /[a-z_]{1,60}/) == nil ? nil : word
    }

    /// A text in Slack's markup, and below it the buttons
    /// (https://docs.slack.dev/reference/block-kit/block-elements/button-element).
    static func blocks(_ text: String, _ buttons: IncidentButtons?) -> [[String: Any]] {
        let section: [String: Any] = ["type": "section", "text": ["type": "mrkdwn", "text": text]]
        guard let buttons else { return [section] }
        return [section, ["type": "actions", "elements": buttons.actions.map { button($0, buttons.target) }]]
    }

    private static func button(_ action: IncidentButtons.Action, _ target: IncidentButtons.Target) -> [String: Any] {
        let words = { (text: String) in ["type": "plain_text", "text": text] }
        var button: [String: Any] = [
            "type": "button", "text": words(action.title), "action_id": action.rawValue, "value": target.text,
        ]
        switch action {
        case .acknowledge: button["style"] = "primary"
        case .resolve:
            // In Slack it can't be taken back.
            button["confirm"] = [
                "title": words("Resolve the incident?"), "text": words("It ends, and pages nobody any more."),
                "confirm": words("Resolve"), "deny": words("Cancel"),
            ]
        }
        return button
    }

    /// The three characters that Slack's markup needs escaped.
    static func escaped(_ text: String) -> String {
        text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
    }
}
