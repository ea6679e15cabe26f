package import Formats

/// One field of a configurable thing: how it is read, shown, typed and checked.
///
/// Most fields are one member of the JSON and one control of the form. A field that takes several members, like a
/// heartbeat's rhythm, has several parts.
package struct ConfigurableField<Value: Sendable>: Sendable {
    package let parts: [FieldPart]
    /// Takes the members into the value. What is wrong goes into the reader.
    package let read: @Sendable (inout FieldReader, inout Value, FieldContext) -> Void
    /// The members in an answer of the API. A null is left out.
    package let show: @Sendable (Value, Configuration) -> [(name: String, value: JSON)]
    /// What the form shows, by the parts' form names.
    package let typed: @Sendable (Value) -> [String: [String]]
    /// Adds what is wrong with the value to the check.
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

/// One member of the JSON, and its control in the form.
package struct FieldPart: Sendable, Hashable {
    /// The member's name: `reopen_window_seconds`.
    package var name: String
    /// Nil when the form does not have it.
    package var control: FieldControl?
    /// Whether a new value must name it.
    package var isRequired: Bool

    init(_ name: String, isRequired: Bool = false, _ control: FieldControl? = nil) {
        self.name = name
        self.isRequired = isRequired
        self.control = control
    }
}

/// A control of a form, in words.
package struct FieldControl: Sendable, Hashable {
    /// The name in the form: `reopen`.
    package var name: String
    package var label: String
    package var hint: String?
    package var input: FieldInput
    package var isRequired: Bool
    /// Whether the form that creates a value asks for it.
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

/// What can be typed or chosen.
package enum FieldInput: Sendable, Hashable {
    /// One line of at most so many characters.
    case text(maximum: Int)
    /// The same; empty is null.
    case optionalText(maximum: Int)
    case email
    /// A whole number of minutes; empty is null, or zero where there is always a length.
    case minutes(ClosedRange<Int>, isOptional: Bool)
    /// A length like `5 min` or `1 h`; empty is null.
    case length
    /// The kinds of alert sources.
    case sourceKind
    case severity
    case role
    /// A team that the reader may configure.
    case team
    /// An escalation policy, or none; `none` says what happens then.
    case policy(none: String)
}

/// One choice among several.
package struct FieldChoice: Sendable, Hashable {
    package var value: String
    package var label: String

    package init(_ value: String, _ label: String) {
        self.value = value
        self.label = label
    }
}
