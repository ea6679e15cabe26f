package import Domain
internal import Foundation

/// An answer to something that a person did in Slack, for the address that Slack gave with it
/// (https://docs.slack.dev/interactivity/handling-user-interaction#message_responses).
package struct SlackAnswer: Sendable, Hashable {
    /// The only host to which answers go. Whatever a call says, PagerPal reaches nothing else.
    package static let hooks = "https://hooks.slack.com/"

    /// Begins with `hooks`. Whoever has it can answer for half an hour.
    package let url: String
    /// JSON.
    package let body: [UInt8]

    /// What only the person reads.
    package static func note(_ text: String) -> [UInt8] {
        RequestBody.json([
            "response_type": "ephemeral", "replace_original": false, "text": SlackVendor.escaped(text),
        ])
    }

    /// The person's message, as its incident stands now.
    ///
    /// - Parameter link: the incident's page.
    package static func message(of incident: Incident, link: String) -> [UInt8] {
        let title = "[#\(incident.number) \(incident.severity.rawValue.uppercased())] \(incident.title)"
        let headline = SlackVendor.escaped(TextLimit.characters(250).fitted(title))
        let standing = SlackVendor.escaped(ReplyWords.standing(of: incident))
        let text = "*\(headline)*\n\(standing)\n<\(link)|Open the incident>"
        return RequestBody.json([
            "replace_original": true, "text": headline,
            "blocks": SlackVendor.blocks(text, IncidentButtons(on: incident, isPost: false)),
        ])
    }

    /// Nil for an address that is not one of Slack's for answers.
    package init?(_ body: [UInt8], to url: String?) {
        guard let url, url.hasPrefix(SlackAnswer.hooks), url.utf8.count <= 500,
            url.dropFirst(SlackAnswer.hooks.count).wholeMatch(of: /[A-Za-z0-9._~\/-]+/) != nil
        else { return nil }
        self.url = url
        self.body = body
    }

    /// Sends the answer. It follows no redirect.
    ///
    /// - Parameters:
    ///   - hooks: takes the place of Slack's host in tests.
    ///   - reach: anything other than public addresses is for tests.
    package func send(
        through client: CurlClient, hooks: String = hooks, reach: CurlRequest.Reach = .publicOnly
    ) async throws(CurlError) {
        let response = try await client.perform(
            CurlRequest(
                url: hooks + url.dropFirst(SlackAnswer.hooks.count),
                kind: .http(method: "POST", headers: [("Content-Type", "application/json")], body: body),
                reach: reach, timeout: .seconds(5), responseLimit: 10_000))
        guard response.status == 200 else {
            let words = String(decoding: response.body.prefix(100), as: UTF8.self)
            throw .refused(status: response.status, reply: words)
        }
    }
}
