internal import Domain

/// What was typed into a form, and what is wrong with it: shown again when it can't be used.
struct FormInput: Sendable {
    /// By the field's name; check boxes of one name give several.
    var values: [String: [String]]
    var faults: [FieldFault]

    init(_ values: [String: [String]] = [:], faults: [FieldFault] = []) {
        self.values = values
        self.faults = faults
    }

    /// A form that shows what is stored.
    init(_ values: KeyValuePairs<String, String>) {
        self.init(Dictionary(values.map { ($0.key, [$0.value]) }, uniquingKeysWith: +))
    }

    /// The first value of a field; empty when there is none.
    subscript(name: String) -> String { values[name]?.first ?? "" }

    func all(_ name: String) -> [String] { values[name] ?? [] }

    func fault(of name: String) -> String? { faults.first { $0.field == name }?.explanation }

    /// The same with something wrong.
    func with(_ faults: [FieldFault]) -> FormInput { FormInput(values, faults: self.faults + faults) }
}
