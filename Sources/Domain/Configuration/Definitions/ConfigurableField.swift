package import Formats

/// One field of a configured object: how to read, show and check it, and how a form displays it.
///
/// Most fields are one JSON member and one form control. A field with several members, like a heartbeat's rhythm, has
/// several parts.
package struct ConfigurableField<Value: Sendable>: Sendable {
    package let parts: [FieldPart]
    /// Reads the members into the value. The reader collects the faults.
    package let read: @Sendable (inout FieldReader, inout Value, FieldContext) -> Void
    /// The members in an API answer. Null members are omitted.
    package let show: @Sendable (Value, Configuration) -> [(name: String, value: JSON)]
    /// The form's contents, by the form names of the parts.
    package let typed: @Sendable (Value) -> [String: [String]]
    /// Adds the value's faults to the check.
    let check: @Sendable (Value, inout ConfigurationCheck) -> Void

    init(
        _ parts: [FieldPart], read: @escaping @Sendable (inout FieldReader, inout Value, FieldContext) -> Void,
        show: @escaping @Sendable (Value, Configuration) -> [(name: String, value: JSON)],
        typed: @escaping @Sendable (Value) -> [String: [String]] = { _ in [:] },
        check: @escaping @Sendable (Value, inout ConfigurationCheck) -> Void = { _, _ in }
    ) {
        self.parts = parts
        self.read = read
        self.show = show
        self.typed = typed
        self.check = check
    }
}

/// One JSON member and its form control.
package struct FieldPart: Sendable, Hashable {
    /// The member's name: `reopen_window_seconds`.
    package var name: String
    /// Nil when the form has no control for it.
    package var control: FieldControl?
    /// Whether it is required to create a value.
    package var isRequired: Bool
    /// What the API accepts, as JSON Schema. Empty where a sentence in docs/api.md says it.
    package var schema: JSON

    init(
        _ name: String, isRequired: Bool = false, schema: JSON = .object(JSONObject()), _ control: FieldControl? = nil
    ) {
        self.name = name
        self.isRequired = isRequired
        self.schema = schema
        self.control = control
    }
}

/// A form control, described by its texts and its input.
package struct FieldControl: Sendable, Hashable {
    /// The name within the form: `reopen`.
    package var name: String
    package var label: String
    package var hint: String?
    package var input: FieldInput
    package var isRequired: Bool
    /// Whether the form that creates a value shows it.
    package var isFirst: Bool

    init(
        _ name: String, _ label: String, hint: String? = nil, isRequired: Bool = false, isFirst: Bool = false,
        _ input: FieldInput
    ) {
        self.name = name
        self.label = label
        self.hint = hint
        self.isRequired = isRequired
        self.isFirst = isFirst
        self.input = input
    }
}

/// What a form control accepts.
package enum FieldInput: Sendable, Hashable {
    /// One line of text, up to a maximum length.
    case text(maximum: Int)
    /// One line of text. Empty means null.
    case optionalText(maximum: Int)
    case email
    /// A whole number of minutes. Empty means null, or zero when the field is not optional.
    case minutes(ClosedRange<Int>, isOptional: Bool)
    /// A duration like `5 min` or `1 h`. Empty means null.
    case length
    /// The kinds of alert sources.
    case sourceKind
    case severity
    case role
    /// A check box.
    case flag
    /// The channels that teams read.
    case teamChannelKind
    /// What a message template replaces.
    case templateUse
    /// The languages of message templates.
    case templateLanguage
    /// Several lines of text, up to a maximum length.
    case lines(maximum: Int)
    /// A team that the user may configure.
    case team
    /// An escalation policy or none. `none` is the label of the empty choice.
    case policy(none: String)
}

/// One choice in a list.
package struct FieldChoice: Sendable, Hashable {
    package var value: String
    package var label: String

    package init(_ value: String, _ label: String) {
        self.value = value
        self.label = label
    }
}
