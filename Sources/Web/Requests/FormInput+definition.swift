internal import Domain
internal import Formats

extension FormInput {
    /// The form of a stored value.
    init<Value: Configurable>(stored value: Value) {
        let fields = Value.definition.fields.map { $0.typed(value) }
        self = FormInput(fields.reduce(into: [:]) { $0.merge($1) { _, later in later } }).asSeen()
    }

    /// The typed fields as JSON for the management API. Fields that the form does not contain are omitted.
    func json<Value: Configurable>(of type: Value.Type) -> (JSON, [FieldFault]) {
        var object = JSONObject()
        var faults: [FieldFault] = []
        for part in Value.definition.fields.flatMap(\.parts) {
            guard let control = part.control else { continue }
            // An empty check box sends nothing. The marker of its form says that it was there.
            guard values[control.name] != nil || (control.input == .flag && values["\(control.name)-shown"] != nil)
            else {
                continue
            }
            do {
                object[part.name] = try control.input.json(typed: self[control.name])
            } catch {
                faults.append(FieldFault(control.name, error.explanation))
            }
        }
        return (.object(object), faults)
    }
}

extension FieldFault {
    /// The same fault with the form's name for the field.
    func named(for definition: ConfigurableDefinition<some Configurable>) -> FieldFault {
        let part = definition.fields.lazy.flatMap(\.parts).first { $0.name == field }
        return FieldFault(part?.control?.name ?? field, explanation)
    }
}

extension FieldInput {
    /// An input that can't be parsed.
    fileprivate struct Unreadable: Error {
        let explanation: String
    }

    fileprivate func json(typed: String) throws(Unreadable) -> JSON {
        let text = typed.trimmingBlanks()
        switch self {
        case .text, .lines, .email, .sourceKind, .severity, .role, .team, .teamChannelKind, .templateUse,
            .templateLanguage:
            return .string(text)
        case .flag: return .bool(text == "yes")
        case .optionalText, .policy: return text.isEmpty ? .null : .string(text)
        case .minutes(let range, let isOptional):
            if text.isEmpty { return isOptional ? .null : .number("0") }
            guard let minutes = Int(text), range.contains(minutes) else {
                let end = isOptional ? ", or nothing." : "."
                throw Unreadable(
                    explanation: "Write a number of minutes, \(range.lowerBound) to \(range.upperBound)\(end)")
            }
            return .number(String(minutes * 60))
        case .length:
            if text.isEmpty { return .null }
            guard let length = Duration(typed: text) else {
                throw Unreadable(explanation: "Write a length like 5 min or 1 h.")
            }
            return length.json
        }
    }
}
