internal import Actors
internal import Domain

/// Protection against lost updates. An editor's form carries the fingerprint of the values that it was filled with. If
/// the stored values have another fingerprint when the form is sent, somebody changed them in the meantime.
extension FormInput {
    /// The name of the hidden field.
    static let seen = "seen"

    /// Returns a copy that carries the fingerprint of its values.
    func asSeen() -> FormInput { setting(FormInput.seen, fingerprint) }

    private var fingerprint: String {
        let lines = values.filter { $0.key != FormInput.seen }.sorted { $0.key < $1.key }
            .map { "\($0.key)=\($0.value.sorted().joined(separator: "\u{1f}"))" }
        return String(sha256(lines.joined(separator: "\u{1e}")).prefix(16))
    }

    /// Throws if the form was filled with other values than the stored ones. The form is then shown again without its
    /// fingerprint, so that saving it once more overwrites them.
    ///
    /// - Parameter labels: the fields to compare, with their labels.
    func expect(_ stored: FormInput, labels: [(name: String, label: String)]) throws(ConfigurationFault) {
        let known = self[FormInput.seen]
        guard !known.isEmpty, known != stored.fingerprint else { return }
        let other = labels.filter { values[$0.name] != nil && all($0.name).sorted() != stored.all($0.name).sorted() }
            .map { "\($0.label): “\(stored.all($0.name).joined(separator: ", "))”" }
        let words = other.isEmpty ? "" : " Stored now: \(other.joined(separator: "; "))."
        throw .invalid(
            [
                FieldFault(
                    FormInput.seen,
                    "Somebody else changed this after you opened it. Your changes are not saved yet.\(words) "
                        + "Save again to overwrite it, or reload the page to see it.")
            ])
    }

    /// The hidden field of an editor's form. Nil after a conflict was shown.
    var seenField: HTML? {
        guard !self[FormInput.seen].isEmpty, fault(of: FormInput.seen) == nil else { return nil }
        return "<input type=\"hidden\" name=\"\(FormInput.seen)\" value=\"\(self[FormInput.seen])\">"
    }
}
