import Domain
import Testing

@testable import Providers

/// What Slack tells of people's actions (https://docs.slack.dev/reference/interaction-payloads/block_actions-payload).
@Suite struct SlackInboxTests {
    private func read(_ payload: String) throws -> SlackInbox.Interaction {
        try SlackInbox.interaction(in: ["payload": payload])
    }

    private func press(
        user: String = #"{"id": "U0ADA0001", "team_id": "T0"}"#, channel: String = "C024BE91L",
        action: String = #"{"type": "button", "action_id": "acknowledge", "value": "post i 3", "action_ts": "1.5"}"#
    ) -> String {
        #"{"type": "block_actions", "user": \#(user), "channel": {"id": "\#(channel)"}, "#
            + #""response_url": "https://hooks.slack.com/actions/T0/1/k", "actions": [\#(action)]}"#
    }

    @Test func `a pressed button says who pressed it and what it acts on`() throws {
        let expected = ButtonPress(
            id: "slack:U0ADA0001 1.5 acknowledge", channel: .slack, from: ["U0ADA0001"], action: .acknowledge,
            target: .init("i", version: 3, isPost: true))
        #expect(
            try read(press()) == .press(expected, answerTo: "https://hooks.slack.com/actions/T0/1/k"))
        guard case .press(let direct, _) = try read(press(channel: "D024BE91L")) else {
            Issue.record("not a press")
            return
        }
        #expect(direct.from == ["U0ADA0001", "D024BE91L"])
    }

    @Test func `other buttons, windows, commands and checks are told apart`() throws {
        let url = "https://hooks.slack.com/actions/T0/1/k"
        for action in [
            #"{"action_id": "vote", "value": "post i 3", "action_ts": "1.5"}"#,
            #"{"action_id": "resolve", "value": "something else", "action_ts": "1.5"}"#,
            #"{"action_id": "resolve", "value": 7, "action_ts": "1.5"}"#,
        ] { #expect(try read(press(action: action)) == .other(answerTo: url)) }
        #expect(try read(#"{"type": "view_submission", "view": {}}"#) == .other(answerTo: nil))
        #expect(try SlackInbox.interaction(in: ["command": "/pager", "text": "ack"]) == .command)
        #expect(try SlackInbox.interaction(in: ["ssl_check": "1", "token": "t"]) == .check)
    }

    @Test func `what can't be understood is refused with a reason`() {
        for payload in [
            "", "null", "[]", "{", "{}", #"{"type": 1}"#, #"{"type": "block_actions"}"#, press(user: "null"),
            press(user: #"{"id": "Ada"}"#), press(user: #"{"id": 7}"#), press(action: ""), press(action: "7"),
            press(action: #"{"action_id": "resolve", "value": "post i 3"}"#),
            press(action: #"{"action_id": "resolve", "value": "post i 3", "action_ts": "x' OR 1"}"#),
            String(repeating: "[", count: 100_000),
        ] {
            #expect(throws: SlackInbox.Unreadable.self, "\(payload.prefix(80))") { try read(payload) }
        }
        #expect(throws: SlackInbox.Unreadable.self) { try SlackInbox.interaction(in: [:]) }
    }
}
