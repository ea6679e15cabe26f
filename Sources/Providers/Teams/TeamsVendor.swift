package import Domain

/// Adaptive cards in Microsoft Teams through a workflow with the trigger "When a Teams webhook request is received"
/// (https://learn.microsoft.com/microsoftteams/platform/webhooks-and-connectors/how-to/connectors-using). The address is
/// the workflow's.
package struct TeamsVendor: HTTPVendor {
    package var timeout: Duration
    package var reach: CurlRequest.Reach

    /// - Parameter reach: anything other than public addresses is for tests.
    package init(timeout: Duration = .seconds(15), reach: CurlRequest.Reach = .publicOnly) {
        self.timeout = timeout
        self.reach = reach
    }

    package let name = "teams"
    package let title = "Microsoft Teams"
    package var advice: String? { nil }
    package var secrets: [String] { [] }

    /// Teams accepts four requests a second.
    package var limits: ProviderLimits { ProviderLimits(perSecond: 4, burst: 4, concurrency: 4) }

    package func request(for message: Message) -> VendorRequest {
        // Cards need an empty line for a line end.
        let text = message.shortText.replacing("\n", with: "\n\n")
        var card: [String: Any] = [
            "$schema": "http://adaptivecards.io/schemas/adaptive-card.json", "type": "AdaptiveCard", "version": "1.4",
            "msteams": ["width": "Full"],
            "body": [
                ["type": "TextBlock", "text": message.headline, "weight": "Bolder", "size": "Medium", "wrap": true],
                ["type": "TextBlock", "text": text, "wrap": true],
            ],
        ]
        if let url = message.url {
            card["actions"] = [["type": "Action.OpenUrl", "title": message.action, "url": url]]
        }
        let attachment: [String: Any] = [
            "contentType": "application/vnd.microsoft.card.adaptive", "content": card,
        ]
        return VendorRequest(json: ["type": "message", "attachments": [attachment]], to: message.address)
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        // A workflow that is switched off or whose address is no longer right answers 400, too.
        let code = (answer.json["error"] as? [String: Any])?["code"] as? String ?? ""
        return answer.status == 400 && code.hasPrefix("Workflow") ? .refused(.recipient) : nil
    }

    package func words(in answer: VendorAnswer) -> String? {
        (answer.json["error"] as? [String: Any])?["message"] as? String
    }
}
