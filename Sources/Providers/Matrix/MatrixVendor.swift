package import Domain

/// Messages in a room of Matrix
/// (https://spec.matrix.org/latest/client-server-api/#put_matrixclientv3roomsroomidsendeventtypetxnid). The address is a
/// room's id. The message's id is the transaction's, so that a repeated request makes no second message.
package struct MatrixVendor: HTTPVendor {
    package var server: String
    package var token: Secret
    package var timeout: Duration

    package init(server: String, token: Secret, timeout: Duration = .seconds(10)) {
        self.server = server
        self.token = token
        self.timeout = timeout
    }

    package let name = "matrix"
    package let title = "Matrix"
    package var advice: String? { "Check MATRIX_URL and MATRIX_TOKEN." }
    package var secrets: [String] { [token.reveal()] }

    package func request(for message: Message) -> VendorRequest {
        var text = "\(message.headline)\n\(message.shortText)"
        let lines = RequestBody.markupEscaped(message.shortText).replacing("\n", with: "<br>")
        var markup = "<strong>\(RequestBody.markupEscaped(message.headline))</strong><br>\(lines)"
        if let url = message.url {
            text += "\n\(message.action): \(url)"
            markup += "<br><a href=\"\(RequestBody.markupEscaped(url))\">\(message.action)</a>"
        }
        // A notice makes no sound. Text of alerts mentions nobody.
        var body: [String: Any] = [
            "msgtype": message.urgency == .high ? "m.text" : "m.notice", "body": text,
            "format": "org.matrix.custom.html", "formatted_body": markup, "m.mentions": [String: Any](),
        ]
        if let edited = message.edits {
            // Programs that know no edits show the text with a star (Matrix 1.4, 11.23).
            body["m.new_content"] = body
            body["m.relates_to"] = ["rel_type": "m.replace", "event_id": edited]
            body["body"] = "* \(text)"
        }
        let (room, id) = (RequestBody.percentEncoded(message.address), RequestBody.percentEncoded(message.id))
        return VendorRequest(
            "PUT", "\(server)/_matrix/client/v3/rooms/\(room)/send/m.room.message/\(id)",
            headers: [("Content-Type", "application/json"), ("Authorization", "Bearer \(token.reveal())")],
            body: RequestBody.json(body))
    }

    package func verdict(on answer: VendorAnswer) -> VendorVerdict? {
        switch (answer.status, answer.string("errcode")) {
        case (200, _): answer.string("event_id") == nil ? .unclear : .accepted(reference: nil)
        // PagerPal's account is not in the room, or may not write there.
        case (403, "M_FORBIDDEN"), (404, "M_NOT_FOUND"): .refused(.recipient)
        case (413, _): .refused(.message)
        case (429, _):
            .later(after: milliseconds(answer.json["retry_after_ms"]) ?? answer.retryAfter)
        default: nil
        }
    }

    package func words(in answer: VendorAnswer) -> String? { answer.string("error") ?? answer.string("errcode") }

    package func postReference(in answer: VendorAnswer) -> String? { answer.string("event_id") }

    private func milliseconds(_ value: Any?) -> Duration? { VendorAnswer.seconds(value).map { $0 / 1_000 } }
}
