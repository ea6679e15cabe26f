internal import Domain
internal import Formats

/// A sender whose payload is JSON, or a form with JSON or plain fields in it: all but SNS.
protocol JSONIntegration: Integration {
    /// Checks that the sender signed the payload, where the source knows its secret.
    func authenticate(_ payload: Payload, _ options: SourceOptions) throws(PayloadError)

    /// Nil when the payload has not the shape that the sender documents.
    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded?
}

extension JSONIntegration {
    func authenticate(_ payload: Payload, _ options: SourceOptions) throws(PayloadError) {}

    func decode(_ payload: Payload, options: SourceOptions) throws(PayloadError) -> Decoded {
        try decodeBody(of: payload, options)
    }

    /// For senders that look at the request's address first.
    func decodeBody(of payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded {
        try authenticate(payload, options)
        let json = try Body.json(of: payload)
        var decoded = try decode(json, from: payload, options)
        if decoded.entries.count > Payload.Limits.events {
            throw .unprocessable([FieldFault("", "Send at most \(Payload.Limits.events) alerts at once.")])
        }
        if decoded.entries.isEmpty && decoded.notes.isEmpty { decoded.notes = ["There is no alert in it."] }
        return decoded
    }

    private func decode(
        _ json: JSON, from payload: Payload, _ options: SourceOptions
    ) throws(PayloadError) -> Decoded {
        if let decoded = try read(json, from: payload, options) { return decoded }
        return try loose(json, options)
    }

    /// Most senders let people write the payload themselves, so an unknown shape is read by its most usual names.
    private func loose(_ json: JSON, _ options: SourceOptions) throws(PayloadError) -> Decoded {
        do {
            return try LooseAlert.decode(json, options)
        } catch {
            let looked = "This is not a payload of \(Self.title), and no title was found in it: looked for "
            throw .unprocessable([FieldFault("title", looked + LooseAlert.titles.joined(separator: ", ") + ".")])
        }
    }
}
