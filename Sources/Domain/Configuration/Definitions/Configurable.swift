package import Formats

/// A kind of configured object, described in one place. The `definition` drives JSON and form parsing, checks, API
/// answers, the web form and permissions.
package protocol Configurable: Hashable, Sendable, Identifiable
where ID: FieldValue & Comparable & CustomStringConvertible & Sendable {
    static var definition: ConfigurableDefinition<Self> { get }
}

/// What PagerPal knows about one kind of configured object.
package struct ConfigurableDefinition<Value: Configurable>: Sendable {
    package typealias Values = any WritableKeyPath<Configuration, [Value.ID: Value]> & Sendable

    package let kind: ConfigurationSubject.Kind
    /// The name within sentences: `alert source`.
    package let noun: String
    /// The last path component in the management API: `alert-sources`.
    package let path: String
    /// Where a configuration stores these values.
    package let values: Values
    package let fields: [ConfigurableField<Value>]
    /// The permissions required to turn the first value into the second. Nil means that the value does not exist.
    package let permissions: @Sendable (Value?, Value?) -> [Permission]
    /// The team that owns a value. Nil for kinds without an owning team.
    package let team: (@Sendable (Value) -> TeamID)?
    /// Returns the changes that delete a value, or throws with what still refers to it.
    package let deletion: @Sendable (Value, Configuration) throws(ConfigurationFault) -> [ConfigurationChange]

    /// - Parameter team: nil for kinds without an owning team.
    package init(
        _ kind: ConfigurationSubject.Kind, noun: String, path: String, values: Values,
        team: (@Sendable (Value) -> TeamID)? = nil,
        permissions: @escaping @Sendable (Value?, Value?) -> [Permission],
        deletion: (@Sendable (Value, Configuration) throws(ConfigurationFault) -> [ConfigurationChange])? = nil,
        fields: [ConfigurableField<Value>]
    ) {
        self.kind = kind
        self.noun = noun
        self.path = path
        self.values = values
        self.team = team
        self.permissions = permissions
        self.fields = fields
        self.deletion = deletion ?? { value, _ in [.delete(ConfigurationSubject(kind, value.id.description))] }
    }

    /// Defines a kind that teams own. Managers of the team before or after the change may make it.
    package init(
        _ kind: ConfigurationSubject.Kind, noun: String, path: String, values: Values,
        team: @escaping @Sendable (Value) -> TeamID,
        deletion: (@Sendable (Value, Configuration) throws(ConfigurationFault) -> [ConfigurationChange])? = nil,
        fields: [ConfigurableField<Value>]
    ) {
        self.init(
            kind, noun: noun, path: path, values: values, team: team,
            permissions: { old, new in [old, new].compactMap { $0.map { .configure(team($0)) } } }, deletion: deletion,
            fields: fields)
    }
}

extension ConfigurableDefinition {
    /// Reads JSON into a value. A missing member leaves its field unchanged.
    ///
    /// - Throws: `.invalid` with all faults.
    package func read(_ json: JSON, into value: inout Value, _ context: FieldContext) throws(ConfigurationFault) {
        var reader = FieldReader(json)
        for field in fields { field.read(&reader, &value, context) }
        reader.ignore(["id", "number"])
        for part in fields.flatMap(\.parts) where context.isNew && part.isRequired {
            if part.control != nil || !context.isForm { reader.require(part.name) }
        }
        try reader.end()
    }

    /// Returns the value as the management API shows it.
    package func members(of value: Value, _ configuration: Configuration) -> JSONObject {
        var object = JSONObject()
        object["id"] = .string(value.id.description)
        if let number = configuration.numbers[value.subject] { object["number"] = number.json }
        for (name, json) in fields.flatMap({ $0.show(value, configuration) }) where json != .null {
            object[name] = json
        }
        return object
    }
}

/// What reading a field may need besides the value.
package struct FieldContext: Sendable {
    package var configuration: Configuration
    /// Whether the value is being created.
    package var isNew: Bool
    /// Whether the input is a form. A form cannot name a field for which it has no control.
    package var isForm: Bool
    package var sources: SourceRules
    /// The time zone of the person or program that sends the input. It applies to local times without a zone.
    package var timeZone: String
    /// How telephone numbers in national form are understood. Nil if they are not.
    package var numbers: NationalNumbers?

    package init(
        _ configuration: Configuration, isNew: Bool, isForm: Bool = false, sources: SourceRules,
        timeZone: String = "UTC", numbers: NationalNumbers? = nil
    ) {
        self.configuration = configuration
        self.isNew = isNew
        self.isForm = isForm
        self.sources = sources
        self.timeZone = timeZone
        self.numbers = numbers
    }
}

/// What the integrations contribute to the checks of alert sources.
package struct SourceRules: Sendable {
    /// The supported kinds, with their display names.
    package var kinds: [FieldChoice]
    /// Returns the faults in a source's JSON options.
    package var optionFaults: @Sendable (String) -> [FieldFault]
    /// The options that are true in a new source of a kind, unless it is given false.
    package var protections: @Sendable (String) -> [String]

    package init(
        kinds: [FieldChoice], optionFaults: @escaping @Sendable (String) -> [FieldFault],
        protections: @escaping @Sendable (String) -> [String] = { _ in [] }
    ) {
        self.kinds = kinds
        self.optionFaults = optionFaults
        self.protections = protections
    }
}
