internal import Formats

/// How a form displays a value as text.
struct TypedWords<Member: FieldValue & Sendable>: Sendable {
    var text: @Sendable (Member) -> String = { $0.json.rendered }
}

extension TypedWords<Duration> {
    /// A number of minutes.
    static let minutes = TypedWords { String($0.components.seconds / 60) }
    /// `5 min`, `1 h`.
    static let length = TypedWords { $0.typed }
}

extension TypedWords<Bool> {
    /// What a check box sends.
    static let flag = TypedWords { $0 ? "yes" : "" }
}

/// The common kinds of fields. A definition uses each in one line.
extension ConfigurableField {
    typealias Path<Member> = any WritableKeyPath<Value, Member> & Sendable

    /// A field of any type that JSON can represent.
    static func plain<Member: FieldValue & Sendable>(
        _ name: String, _ path: Path<Member>, isRequired: Bool = false, _ control: FieldControl? = nil,
        typedAs words: TypedWords<Member> = TypedWords(),
        check: @escaping @Sendable (Value, inout ConfigurationCheck) -> Void = { _, _ in }
    ) -> ConfigurableField {
        ConfigurableField(
            [FieldPart(name, isRequired: isRequired, schema: Member.schema, control)],
            read: { reader, value, _ in reader.read(name, into: &value[keyPath: path]) },
            show: { value, _ in [(name, value[keyPath: path].json)] },
            typed: { value in
                guard let control else { return [:] }
                let member = value[keyPath: path]
                return [control.name: [words.text(member)]]
            }, check: check)
    }

    /// A field that may be empty.
    static func optional<Member: FieldValue & Sendable>(
        _ name: String, _ path: Path<Member?>, _ control: FieldControl? = nil,
        typedAs words: TypedWords<Member> = TypedWords(),
        check: @escaping @Sendable (Value, inout ConfigurationCheck) -> Void = { _, _ in }
    ) -> ConfigurableField {
        ConfigurableField(
            [FieldPart(name, schema: .schema(Member.schema, orNull: true), control)],
            read: { reader, value, _ in reader.read(name, into: &value[keyPath: path]) },
            show: { value, _ in [(name, value[keyPath: path]?.json ?? .null)] },
            typed: { value in
                guard let control else { return [:] }
                return [control.name: [value[keyPath: path].map(words.text) ?? ""]]
            }, check: check)
    }

    /// The owning team, by id or name.
    static func team(
        _ path: Path<TeamID>, formName: String = "team", hint: String? = nil,
        show: @escaping @Sendable (TeamID, Configuration) -> [(name: String, value: JSON)] = { id, _ in
            [("team_id", .string(id.rawValue))]
        }
    ) -> ConfigurableField {
        ConfigurableField(
            [
                FieldPart(
                    "team_id", schema: TeamID.schema, FieldControl(formName, "Team", hint: hint, isFirst: true, .team))
            ],
            read: { reader, value, context in reader.team(into: &value[keyPath: path], context.configuration) },
            show: { value, configuration in show(value[keyPath: path], configuration) },
            typed: { [formName: [$0[keyPath: path].rawValue]] },
            check: { value, check in check.team(value[keyPath: path]) })
    }

    /// An optional escalation policy of the same team.
    ///
    /// - Parameters:
    ///   - team: the team that must own the policy.
    /// - none: what the form shows when there is no policy.
    static func policy(
        _ name: String, _ path: Path<PolicyID?>, of team: @escaping @Sendable (Value) -> TeamID,
        _ control: FieldControl?
    ) -> ConfigurableField {
        optional(name, path, control) { value, check in
            guard let id = value[keyPath: path] else { return }
            let policy = check.after.policies[id]
            check.expect(policy != nil, name, "There is no escalation policy “\(id)”.")
            check.expect(
                policy == nil || policy?.teamID == team(value), name, "The escalation policy belongs to another team.")
        }
    }

    /// Members that answers contain. They are ignored when they come back.
    static func shown(_ names: String...) -> ConfigurableField {
        ConfigurableField([], read: { reader, _, _ in reader.ignore(names) }, show: { _, _ in [] })
    }
}

extension ConfigurableField where Value: Configurable {
    /// A name on one line.
    ///
    /// - Parameter isUnique: whether the name must be unique within the team, or among all values if no team owns them.
    static func name(_ path: Path<String>, hint: String? = nil, isUnique: Bool = false) -> ConfigurableField {
        let control = FieldControl(
            "name", "Name", hint: hint, isRequired: true, isFirst: true, .text(maximum: ConfigurationLimits.name))
        return plain("name", path, isRequired: true, control) { value, check in
            let name = value[keyPath: path]
            check.name(name)
            guard isUnique else { return }
            let (team, values) = (Value.definition.team, Value.definition.values)
            let isTaken = check.after[keyPath: values].values.contains { other in
                other.id != value.id && team?(other) == team?(value) && isSameName(other[keyPath: path], name)
            }
            check.unique(isTaken, name)
        }
    }
}
