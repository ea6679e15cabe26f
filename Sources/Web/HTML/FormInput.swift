package import Domain

/// What was typed into a form, and what is wrong with it: shown again when it can't be used.
package struct FormInput: Sendable {
    /// By the field's name; check boxes of one name give several.
    package var values: [String: [String]]
    package var faults: [FieldFault]

    package init(_ values: [String: [String]] = [:], faults: [FieldFault] = []) {
        self.values = values
        self.faults = faults
    }

    /// A form that shows what is stored.
    package init(_ values: KeyValuePairs<String, String>) {
        self.init(Dictionary(values.map { ($0.key, [$0.value]) }, uniquingKeysWith: +))
    }

    /// The first value of a field; empty when there is none.
    package subscript(name: String) -> String { values[name]?.first ?? "" }

    package func all(_ name: String) -> [String] { values[name] ?? [] }

    package func fault(of name: String) -> String? { faults.first { $0.field == name }?.explanation }

    /// The same with something wrong.
    package func with(_ faults: [FieldFault]) -> FormInput { FormInput(values, faults: self.faults + faults) }
}
