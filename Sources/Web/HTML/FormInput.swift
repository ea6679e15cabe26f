internal import Domain

/// The values typed into a form and their faults, for showing the form again.
struct FormInput: Sendable {
    /// By field name. Check boxes with the same name give several values.
    var values: [String: [String]]
    var faults: [FieldFault]

    init(_ values: [String: [String]] = [:], faults: [FieldFault] = []) {
        self.values = values
        self.faults = faults
    }

    /// A form that shows stored values.
    init(_ values: KeyValuePairs<String, String>) {
        self.init(Dictionary(values.map { ($0.key, [$0.value]) }, uniquingKeysWith: +))
    }

    /// The first value of a field, or an empty string.
    subscript(name: String) -> String { values[name]?.first ?? "" }

    func all(_ name: String) -> [String] { values[name] ?? [] }

    /// The days that are ticked.
    func weekdays(_ name: String) -> Set<Weekday> {
        Set(all(name).compactMap { Int($0).flatMap(Weekday.init(rawValue:)) })
    }

    func fault(of name: String) -> String? { faults.first { $0.field == name }?.explanation }

    /// Returns a copy with further faults.
    func with(_ faults: [FieldFault]) -> FormInput { FormInput(values, faults: self.faults + faults) }
}
