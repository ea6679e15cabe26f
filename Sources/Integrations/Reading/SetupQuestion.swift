internal import Domain
internal import Formats

/// What vendors send when a webhook is set up: a question that must be answered with its own token, or a ping. Their set-up
/// fails without a 2xx.
enum SetupQuestion {
    /// Nil when the payload is an alert.
    static func answer(to payload: Payload) -> Decoded? {
        // Microsoft Graph, Meta and others ask in the query.
        for name in ["validationToken", "validationtoken", "hub.challenge", "challenge"] {
            if let token = payload.query[name], !token.isEmpty, token.utf8.count <= 1_000 { return asked(token) }
        }
        return nil
    }

    static func answer(to json: JSON) -> Decoded? {
        if let challenge = json.text("challenge"), challenge.utf8.count <= 1_000, json["title"] == nil {
            return asked(JSON.members([("challenge", .string(challenge))]).description)
        }
        if let event = json.array?.first ?? Optional(json), let code = event.text("data.validationCode") {
            return asked(JSON.members([("validationResponse", .string(code))]).description)
        }
        return isPing(json)
            ? .nothing("This is the sender's test that the address answers. There is no alert in it.") : nil
    }

    private static func asked(_ answer: String) -> Decoded {
        Decoded(entries: [], request: .answer(answer), notes: ["The sender's set-up question was answered."])
    }

    /// `{"zen": …, "hook_id": 1}`, `{"event": "ping"}`, `{"test": true}`.
    private static func isPing(_ json: JSON) -> Bool {
        guard let object = json.object else { return false }
        if json.has("zen", "hook_id") { return true }
        let word = json.text("event", "type", "event_type", "eventType", "action", "event_name", "ping", "test")
        let pings: Set<String> = [
            "ping", "pong", "webhook.ping", "webhook_test", "webhook.test", "test", "verification", "validate", "hello",
        ]
        let isTest = json["test"]?.boolean == true && json.text("title", "message", "text", "name") == nil
        return isTest
            || word.map { pings.contains($0.lowercased()) } == true && json.text("title", "status", "state") == nil
                && object.members.count <= 8
    }
}
