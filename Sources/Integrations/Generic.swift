internal import Domain
package import Formats

/// PagerPal's own alert format: one object, or an array of them.
///
/// A payload without a title that clearly comes from another sender is read in that sender's format.
package struct GenericIntegration: Integration {
    package static let kind = "generic"
    package static let title = "Generic JSON"
    package static let fields = FieldGuide(
        status: "`status` or `state`: `firing` (default), `resolved`, `acknowledged`",
        key: "`external_id`, `dedup_key` or `alert_uid`, else derived from the title",
        title: "`title`, else `summary`, `message` or `subject`", text: "`description`, `message`, `text` or `details`",
        severity: "`severity`; the source's default without it", links: "`url`, `link_to_upstream_details`, `image_url`"
    )

    package static func setup(url: String, key: String) -> [SetupStep] {
        let example = #"{"title":"Disk full on db1","severity":"critical","external_id":"db1-disk"}"#
        return [
            SetupStep(
                "Send an alert from any script. The same external_id again updates the incident.",
                code: "curl -X POST \(url) -H 'X-API-Key: \(key)' -H 'Content-Type: application/json' -d '\(example)'"),
            SetupStep(
                "Send the same with \"status\":\"resolved\" when the problem is over.",
                code: "curl -X POST \(url) -H 'X-API-Key: \(key)' -H 'Content-Type: application/json' "
                    + #"-d '{"title":"Disk full on db1","status":"resolved","external_id":"db1-disk"}'"#),
        ]
    }

    package static func recognises(_ json: JSON) -> Bool { false }

    package init() {}

    /// Decodes with a source's default options.
    package static func decode(_ payload: Payload) throws(PayloadError) -> Decoded {
        try GenericIntegration().decode(payload, options: SourceOptions())
    }

    package func decode(_ payload: Payload, options: SourceOptions) throws(PayloadError) -> Decoded {
        let json = try Body.json(of: payload)
        if !GenericAlert.isOwn(json), let other = Integrations.detect(json) {
            return try decode(payload, as: other, options)
        }
        guard let values = json.array else {
            switch GenericAlert.entry(json, options) {
            case .event(let event): return Decoded(entries: [.event(event)])
            case .rejected(let faults): throw .unprocessable(faults)
            }
        }
        guard !values.isEmpty else {
            throw .unprocessable([FieldFault("[0]", "The array is empty; send at least one alert.")])
        }
        guard values.count <= Payload.Limits.events else {
            throw .unprocessable([FieldFault("", "Send at most \(Payload.Limits.events) alerts at once.")])
        }
        return Decoded(entries: values.map { GenericAlert.entry($0, options) }, isList: true)
    }

    private func decode(
        _ payload: Payload, as other: any Integration.Type, _ options: SourceOptions
    ) throws(PayloadError) -> Decoded {
        var decoded = try other.init().decode(payload, options: options)
        decoded.notes.append("Read as a payload of \(other.title); its own route is /api/v1/alerts/\(other.kind).")
        return decoded
    }
}
