internal import Domain
internal import Providers

extension Doctor {
    /// Whether the buttons of the bot's messages work. Nothing if there is no bot.
    func slack() -> [Finding] {
        guard let slack = settings.slack, slack.token != nil else { return [] }
        guard slack.signingSecret != nil else {
            return [.ok("slack", "The bot's messages have a link and no buttons. SLACK_SIGNING_SECRET adds them.")]
        }
        let address = "\(settings.baseURL)/api/v1/inbound/slack"
        guard address.hasPrefix("https://") else {
            return [
                .warning(
                    "slack", "Slack calls only https addresses, so the buttons can't work at \(address).",
                    "Set PAGERPAL_BASE_URL to your https address, or leave SLACK_SIGNING_SECRET out.")
            ]
        }
        return [.ok("slack", "Buttons work if the app's Request URL, under Interactivity, is \(address)")]
    }
}
