package import Formats

/// What applying a configuration file would change.
package struct ConfigurationPlan: Sendable {
    /// One thing that is created, changed or deleted.
    package struct Line: Sendable, Hashable, CustomStringConvertible {
        package enum Action: String, Sendable { case create, change, delete }

        package let action: Action
        /// The kind and the name: `schedule Operations/Primary`.
        package let subject: String
        /// The members that change.
        package let members: [String]

        package var description: String {
            let mark =
                switch action {
                case .create: "+"
                case .change: "~"
                case .delete: "-"
                }
            return "\(mark) \(subject)" + (members.isEmpty ? "" : ": \(members.joined(separator: ", "))")
        }
    }

    package internal(set) var lines: [Line] = []
    package internal(set) var changes: [ConfigurationChange] = []
    /// The generated keys of new alert sources, by the source's name. They are shown once.
    package internal(set) var keys: [(source: String, key: String)] = []
}

/// Why a configuration file can't be applied: all faults together.
package struct DocumentFaults: Error, Sendable, Hashable, CustomStringConvertible {
    package let faults: [FieldFault]

    package var description: String {
        faults.map { $0.field.isEmpty ? $0.explanation : "\($0.field): \($0.explanation)" }.joined(separator: "\n")
    }
}

extension Configuration {
    /// Compares a file with this configuration. A member that the file leaves out stays as it is.
    ///
    /// - Parameter prunes: whether to delete what is missing in a section that the file has.
    package func plan(
        _ document: JSON, prunes: Bool = false, _ context: DocumentContext
    ) throws(DocumentFaults) -> ConfigurationPlan {
        var reader = DocumentReader(before: self, document: document, context: context)
        return try reader.plan(prunes: prunes)
    }
}
