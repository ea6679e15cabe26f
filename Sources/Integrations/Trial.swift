internal import Domain

/// Explains what a source would read from a payload. Nothing is stored and nobody is paged.
package struct Trial: Sendable {
    /// What was read, or why it cannot be read. Signatures are not checked.
    package let result: Result<Decoded, PayloadError>
    /// For mapping sources: what each path found in the first alert.
    package let findings: [Finding]

    package init(_ payload: Payload, sender: any Integration, options: SourceOptions) {
        var options = options
        options.secret = nil
        do throws(PayloadError) {
            if sender is MappingIntegration, let mapping = options.mapping {
                let (decoded, findings) = try MappingReader.read(try Body.json(of: payload), mapping, options)
                (result, self.findings) = (.success(decoded), findings)
                return
            }
            let decoded =
                if let sns = sender as? SNSIntegration {
                    try sns.decodeUnverified(payload, options: options)
                } else {
                    try sender.decode(payload, options: options)
                }
            (result, findings) = (.success(decoded), [])
        } catch {
            (result, findings) = (.failure(error), [])
        }
    }

    /// The result as text, with a line for each path, alert and note.
    package var lines: [String] {
        var lines = findings.map { "\($0.part): \($0.path) → \($0.found ?? "nothing")" }
        switch result {
        case .success(let decoded):
            lines += decoded.entries.map(Self.line)
            lines += decoded.notes
        case .failure(.malformed(let why)), .failure(.unauthentic(let why)): lines.append(why)
        case .failure(.unprocessable(let faults)): lines += faults.map(Self.line)
        }
        return lines
    }

    private static func line(_ entry: Decoded.Entry) -> String {
        switch entry {
        case .event(let event):
            "\(event.status.rawValue), \(event.severity?.rawValue ?? "default severity"): \(event.title) "
                + "(key \(event.dedupKey))"
        case .rejected(let faults): "rejected: " + faults.map(Self.line).joined(separator: " ")
        }
    }

    private static func line(_ fault: FieldFault) -> String {
        fault.field.isEmpty ? fault.explanation : "\(fault.field): \(fault.explanation)"
    }
}
