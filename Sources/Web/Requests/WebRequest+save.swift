internal import Actors
internal import Domain
internal import Transport

extension WebRequest {
    /// Changes the configuration.
    ///
    /// - Parameter names: the form's names for fields that have another name in the configuration.
    /// - Returns: the faults for the form; empty on success.
    func save(
        _ names: [String: String] = [:],
        _ decide: (Configuration) throws(ConfigurationFault) -> [ConfigurationChange]
    ) async -> [FieldFault] {
        do {
            try await services.configurator.change(by: author, decide)
            return []
        } catch {
            return error.formFaults.map { FieldFault(names[$0.field] ?? formName($0.field), $0.explanation) }
        }
    }
}

extension ConfigurationFault {
    /// The faults for a form. A fault that concerns no field has an empty field name.
    var formFaults: [FieldFault] {
        switch self {
        case .invalid(let faults): faults
        case .missing, .inUse: [FieldFault("", description)]
        case .unavailable: [FieldFault("", "The change could not be stored. Try again.")]
        }
    }
}

/// Forms name a reference without the suffix `_id`.
private func formName(_ field: String) -> String {
    field.hasSuffix("_id") ? String(field.dropLast(3)) : field
}
