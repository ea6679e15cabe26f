internal import Actors
internal import Domain
internal import Transport

extension WebRequest {
    /// Changes the configuration.
    ///
    /// - Parameter names: what the form calls fields that the configuration calls otherwise.
    /// - Returns: what is wrong, for the form; empty when it is done.
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
    /// What a form says of it. What concerns no field has no name.
    var formFaults: [FieldFault] {
        switch self {
        case .invalid(let faults): faults
        case .missing, .inUse: [FieldFault("", description)]
        case .unavailable: [FieldFault("", "It could not be stored just now. Try again.")]
        }
    }
}

/// Forms name a choice without the `_id` of what it refers to.
private func formName(_ field: String) -> String {
    field.hasSuffix("_id") ? String(field.dropLast(3)) : field
}
