package import Domain
package import Integrations

extension Integrations {
    /// The rules by which the configuration validates an alert source's kind and options.
    package static let rules: SourceRules = SourceRules(
        kinds: all.map { FieldChoice($0.kind, $0.title) },
        optionFaults: { text in
            do throws(PayloadError) {
                _ = try SourceOptions(json: text)
                return []
            } catch {
                switch error {
                case .malformed(let explanation), .unauthentic(let explanation): return [FieldFault("", explanation)]
                case .unprocessable(let faults): return faults
                }
            }
        }, protections: { kind in Integrations.integration(for: kind).map { type(of: $0).protections } ?? [] })
}
