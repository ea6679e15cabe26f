package import Formats

/// An object of seconds by severity, like `{"warning": 300}`. The form's text `warning 5 min` is read too.
extension HoldOff: FieldValue {
    package init?(json: JSON) {
        if case .string(let text) = json {
            self.init(typed: text)
            return
        }
        guard let object = json.object else { return nil }
        var delays: [Severity: Duration] = [:]
        for member in object.members {
            guard let severity = Severity(rawValue: member.name), let delay = Duration(json: member.value) else {
                return nil
            }
            delays[severity] = delay
        }
        self.init(delays)
    }

    package static var expectation: String { "Write it like warning 5 min, info 1 h." }

    package var json: JSON {
        .members(delays.sorted { $0.key < $1.key }.map { ($0.key.rawValue, $0.value.json) })
    }

    package static var schema: JSON {
        .members([("type", .string("object")), ("additionalProperties", Duration.schema)])
    }
}

extension ConfigurationCheck {
    /// Checks the delays of a hold-off.
    mutating func holdOff(_ holdOff: HoldOff?) {
        let isShort = (holdOff?.delays ?? [:]).values.allSatisfy { $0 >= .zero && $0 <= HoldOff.longest }
        expect(isShort, "hold_off", "Hold off for at most 24 hours.")
    }
}

extension TypedWords<HoldOff> {
    /// `warning 5 min, info 1 h`.
    static let holdOff = TypedWords { $0.typed }
}
