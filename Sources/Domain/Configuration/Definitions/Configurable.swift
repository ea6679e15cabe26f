package import Formats

/// Something that operators configure, described once. From `definition` come the reading of JSON and of forms, the
/// checks, the API's answers, the form on its page, and the permissions.
package protocol Configurable: Hashable, Sendable, Identifiable
where ID: FieldValue & Comparable & CustomStringConvertible & Sendable {
    static var definition: ConfigurableDefinition<Self> { get }
}

/// What PagerPal knows about one kind of configurable thing.
package struct ConfigurableDefinition<Value: Configurable>: Sendable {
    package typealias Values = any WritableKeyPath<Configuration, [Value.ID: Value]> & Sendable

    package let kind: ConfigurationSubject.Kind
    /// Its name in sentences: `alert source`.
    package let noun: String
    /// The last part of its path in the management API: `alert-sources`.
    package let path: String
    /// Where a configuration keeps them.
    package let values: Values
    package let fields: [ConfigurableField<Value>]
    /// The permissions to turn the first value into the second. Nil stands for "does not exist".
    package let permissions: @Sendable (Value?, Value?) -> [Permission]
    /// The team that owns a value; nil for things that no team owns.
    package let team: (@Sendable (Value) -> TeamID)?
    /// Makes the changes that delete a value, or throws what still refers to it.
    package let deletion: @Sendable (Value, Configuration) throws(ConfigurationFault) -> [ConfigurationChange]

    /// - Parameter team: nil for a kind that no team owns.
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

    /// A kind that teams own. The managers of the team before and of the team after may change it.
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
    /// Takes what was sent into a value. A member that is left out keeps the field as it is.
    ///
    /// - Throws: `.invalid` with every fault.
    package func read(_ json: JSON, into value: inout Value, _ context: FieldContext) throws(ConfigurationFault) {
        var reader = FieldReader(json)
        for field in fields { field.read(&reader, &value, context) }
        reader.ignore(["id"])
        for part in fields.flatMap(\.parts) where context.isNew && part.isRequired {
            if part.control != nil || !context.isForm { reader.require(part.name) }
        }
        try reader.end()
    }

    /// The value as the management API shows it.
    package func members(of value: Value, _ configuration: Configuration) -> JSONObject {
        var object = JSONObject()
        object["id"] = .string(value.id.description)
        for (name, json) in fields.flatMap({ $0.show(value, configuration) }) where json != .null {
            object[name] = json
        }
        return object
    }
}

/// What a field may need besides the value.
package struct FieldContext: Sendable {
    package var configuration: Configuration
    /// Whether the value is being created.
    package var isNew: Bool
    /// Whether a form was sent. A form can't name what it has no control for.
    package var isForm: Bool
    package var sources: SourceRules
    /// Of the person or program that sends it: for local times of what names no time zone.
    package var timeZone: String

    package init(
        _ configuration: Configuration, isNew: Bool, isForm: Bool = false, sources: SourceRules,
        timeZone: String = "UTC"
    ) {
        self.configuration = configuration
        self.isNew = isNew
        self.isForm = isForm
        self.sources = sources
        self.timeZone = timeZone
    }
}

/// What integrations say about alert sources.
package struct SourceRules: Sendable {
    /// The kinds that PagerPal understands, with their names for people.
    package var kinds: [FieldChoice]
    /// Finds what is wrong with the options of a source, which are JSON.
    package var optionFaults: @Sendable (String) -> [FieldFault]

    package init(kinds: [FieldChoice], optionFaults: @escaping @Sendable (String) -> [FieldFault]) {
        self.kinds = kinds
        self.optionFaults = optionFaults
    }
}
