package import Domain
internal import Foundation

/// Reads what Slack tells about people's actions, once its signature was checked
/// (https://docs.slack.dev/reference/interaction-payloads/block_actions-payload).
package enum SlackInbox {
    /// The longest call, in bytes. It repeats the message, with up to 16 bytes for each character.
    package static let limit = 256 * 1024

    package enum Interaction: Sendable, Hashable {
        /// A button of PagerPal.
        ///
        /// - Parameter answerTo: where to answer, as Slack says.
        case press(ButtonPress, answerTo: String?)
        /// A command such as `/pager`. Slack shows the text of the response.
        case command
        /// Something else in a message, a window or a menu. Slack shows nothing of the response.
        case other(answerTo: String?)
        /// Slack looks whether the address answers.
        case check
    }

    /// Why a call can't be understood, as a sentence.
    package struct Unreadable: Error, Sendable, Hashable, CustomStringConvertible {
        package let description: String
    }

    /// - Parameter fields: those of the form.
    package static func interaction(in fields: [String: String]) throws(Unreadable) -> Interaction {
        guard let payload = fields["payload"] else {
            if fields["ssl_check"] == "1" { return .check }
            if fields["command"] != nil { return .command }
            throw Unreadable(
                description:
                    "The form has no field payload. This address takes interactions, not events: enter it in the "
                    + "app's settings under Interactivity only.")
        }
        guard let json = (try? JSONSerialization.jsonObject(with: Data(payload.utf8))) as? [String: Any] else {
            throw Unreadable(description: "The field payload is not a JSON object.")
        }
        guard let type = json["type"] as? String else {
            throw Unreadable(description: "The payload has no member type.")
        }
        let answerTo = json["response_url"] as? String
        guard type == "block_actions" else { return .other(answerTo: answerTo) }
        return try press(json).map { .press($0, answerTo: answerTo) } ?? .other(answerTo: answerTo)
    }

    /// Returns nil for a button that PagerPal did not make.
    private static func press(_ json: [String: Any]) throws(Unreadable) -> ButtonPress? {
        guard let user = (json["user"] as? [String: Any])?["id"] as? String, isMember(user) else {
            throw Unreadable(description: "The payload has no member user.id like U024BE91L.")
        }
        guard let action = (json["actions"] as? [[String: Any]])?.first, let id = action["action_id"] as? String else {
            throw Unreadable(description: "The payload has no actions with an action_id.")
        }
        guard let meaning = IncidentButtons.Action(rawValue: id),
            let target = (action["value"] as? String).flatMap({ IncidentButtons.Target($0) })
        else { return nil }
        guard let time = action["action_ts"] as? String, time.wholeMatch(of: /[0-9.]{1,40}/) != nil else {
            throw Unreadable(description: "The action has no action_ts like 1548426417.840180.")
        }
        var from = [user]
        // A conversation with the bot has one other person, who may have its id as the address.
        if let channel = (json["channel"] as? [String: Any])?["id"] as? String, channel.hasPrefix("D") {
            from.append(channel)
        }
        return ButtonPress(
            id: "slack:\(user) \(time) \(id)", channel: .slack, from: from, action: meaning, target: target)
    }

    private static func isMember(_ id: String) -> Bool { id.wholeMatch(of: /[UW][A-Z0-9]{2,30}/) != nil }
}
