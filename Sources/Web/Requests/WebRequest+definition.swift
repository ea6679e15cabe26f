internal import Actors
internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations
internal import Transport

/// What the web pages of all configurable objects have in common.
extension WebRequest {
    /// All values of a kind, sorted by name.
    func all<Value: Configurable>(_ type: Value.Type, by name: (Value) -> String) -> [Value] {
        configuration[keyPath: Value.definition.values].values
            .sorted { (name($0).lowercased(), $0.id) < (name($1).lowercased(), $1.id) }
    }

    /// The value with the id in the path.
    func find<Value: Configurable>(_ type: Value.Type = Value.self) throws(APIProblem) -> Value {
        guard let id = Value.ID(json: .string(parameter("id"))),
            let value = configuration[keyPath: Value.definition.values][id]
        else { throw APIProblem.notFound("such \(Value.definition.noun)") }
        return value
    }

    /// The same value, if the user may change it.
    func findOwn<Value: Configurable>(_ type: Value.Type = Value.self) throws(APIProblem) -> Value {
        let value: Value = try find()
        for permission in Value.definition.permissions(value, value) { try require(permission) }
        return value
    }

    /// The fields of a form, with the choices for this user.
    ///
    /// - Parameter isFirst: whether to include only the fields for a new value.
    func fields<Value: Configurable>(of type: Value.Type, isFirst: Bool = false) -> [Field] {
        Value.definition.fields.flatMap(\.parts).compactMap(\.control).filter { !isFirst || $0.isFirst }.map(field)
    }

    /// Reads the form into a value and saves it on the newest configuration.
    ///
    /// - Parameter isNew: whether the value is created. Otherwise the stored value with its id is changed.
    /// - Returns: the value, and the faults by the form's field names. There are none if it was saved.
    func save<Value: Configurable>(typed value: Value, isNew: Bool) async throws -> (Value, [FieldFault]) {
        let definition = Value.definition
        var saved = value
        do {
            try await change { configuration in
                let old = configuration[keyPath: definition.values][value.id]
                guard isNew || old != nil else { throw APIProblem.notFound("such \(definition.noun)") }
                if !isNew, let old {
                    let controls = definition.fields.flatMap(\.parts).compactMap(\.control)
                    try form.expect(FormInput(stored: old), labels: controls.map { ($0.name, $0.label) })
                }
                let (read, faults) = read(old ?? value, isNew: isNew, configuration)
                saved = read
                // A missing team is a fault of the form, not a missing permission.
                for permission in definition.permissions(isNew ? nil : old, read) {
                    if case .configure(let team) = permission, configuration.teams[team] == nil { continue }
                    try require(permission)
                }
                guard faults.isEmpty else { throw ConfigurationFault.invalid(faults) }
                return [.save(read)]
            }
        } catch let fault as ConfigurationFault {
            return (saved, fault.formFaults.map { $0.named(for: definition) })
        }
        return (saved, [])
    }

    /// Reads the form into a value.
    ///
    /// - Returns: the value, and the faults of unreadable input by the form's field names.
    func read<Value: Configurable>(
        _ old: Value, isNew: Bool, _ configuration: Configuration
    ) -> (Value, [FieldFault]) {
        var value = old
        let (json, unreadable) = form.json(of: Value.self)
        var faults = unreadable
        do {
            let context = FieldContext(
                configuration, isNew: isNew, isForm: true, sources: Integrations.rules, timeZone: reader.timeZone)
            try Value.definition.read(json, into: &value, context)
        } catch {
            faults += error.formFaults.map { $0.named(for: Value.definition) }
        }
        return (value, faults)
    }

    /// Changes the value with the id in the path, on the newest configuration.
    func update<Value: Configurable>(
        _ type: Value.Type = Value.self, _ change: (inout Value) -> Void
    ) async throws -> Value {
        let id = try findOwn(Value.self).id
        var changed: Value?
        try await self.change { configuration in
            guard var value = configuration[keyPath: Value.definition.values][id] else {
                throw ConfigurationFault.missing("such \(Value.definition.noun)")
            }
            change(&value)
            changed = value
            return [.save(value)]
        }
        guard let changed else { throw APIProblem.notFound("such \(Value.definition.noun)") }
        return changed
    }

    /// Deletes the value with the id in the path and redirects to the list. If it is in use, its web page says so.
    func delete<Value: Configurable>(
        _ type: Value.Type, at list: Path, named name: (Value) -> String
    ) async throws -> Response {
        let value: Value = try find()
        for permission in Value.definition.permissions(value, nil) { try require(permission) }
        return try await delete(
            from: "\(list)/\(value.id.description)", to: list, saying: "“\(name(value))” is deleted."
        ) { try Value.definition.deletion(value, $0) }
    }

    private func field(_ control: FieldControl) -> Field {
        let (name, label, hint, isRequired) = (control.name, control.label, control.hint, control.isRequired)
        switch control.input {
        case .text(let maximum), .optionalText(let maximum):
            return .text(name, label, hint: hint, isRequired: isRequired, maximum: maximum)
        case .email:
            return Field(
                name, label, hint: hint, isRequired: isRequired,
                .input(type: "email", maximum: 254, autocomplete: "off"))
        case .minutes: return .number(name, label, hint: hint, isRequired: isRequired)
        case .length: return .text(name, label, hint: hint, isRequired: isRequired, maximum: 20)
        case .sourceKind:
            return .select(name, label, hint: hint, Integrations.rules.kinds.map { .init($0.value, $0.label) })
        case .severity:
            return .select(
                name, label, hint: hint, Severity.allCases.reversed().map { .init($0.rawValue, $0.rawValue) })
        case .role: return .select(name, label, hint: hint, Field.roles)
        case .flag: return .flag(name, label, hint: hint)
        case .teamChannelKind:
            let served = TeamChannel.kinds.filter { services.channels.contains($0) }
            return .select(name, label, hint: hint, served.map { .init($0.rawValue, $0.name.capitalizedFirst) })
        case .templateUse:
            let uses = MessageTemplate.Use.allCases
            return .select(name, label, hint: hint, uses.map { .init($0.rawValue, $0.name) })
        case .templateLanguage:
            let languages = MessageTemplate.Language.allCases
            return .select(name, label, hint: hint, languages.map { .init($0.rawValue, $0.name.capitalizedFirst) })
        case .lines(let maximum): return .area(name, label, hint: hint, isRequired: isRequired, maximum: maximum)
        case .team: return .select(name, label, hint: hint, ownTeams)
        case .policy(let none):
            let policies = choices(configuration.policies.values.map { ($0.id.rawValue, $0.name) })
            return .select(name, label, hint: hint, [.init("", none)] + policies)
        }
    }
}

extension Field {
    /// The roles with what each may do.
    static let roles: [Choice] = [
        .init("responder", "responder: is paged, acts on incidents"),
        .init("manager", "manager: changes what belongs to the own teams"),
        .init("admin", "admin: may do everything"), .init("viewer", "viewer: only looks"),
    ]
}
