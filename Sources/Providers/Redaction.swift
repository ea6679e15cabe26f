internal import Domain

extension Receipt {
    /// Returns the receipt without secrets that a server repeated in its answer.
    func redacting(_ secrets: [String?]) -> Receipt {
        // Longest first, because one secret may contain another.
        let secrets = secrets.compactMap { $0 }.filter { $0.count >= 4 }.sorted { $0.count > $1.count }
        func clean(_ text: String) -> String { secrets.reduce(text) { $0.replacing($1, with: "…") } }
        func clean(_ fault: Fault) -> Fault {
            let cleaned = Fault(fault.blame, clean(fault.explanation), scope: fault.scope)
            return fault.isDoubtful ? cleaned.doubtful : cleaned
        }
        return switch self {
        case .accepted(let reference, let note): .accepted(reference: reference, note: note.map(clean))
        case .temporary(let fault, let wait): .temporary(clean(fault), retryAfter: wait)
        case .permanent(let fault): .permanent(clean(fault))
        case .unknown(let fault): .unknown(clean(fault))
        case .notSent(let reason): .notSent(reason: clean(reason))
        }
    }
}
