internal import Domain

/// A severity as colour, shape and word.
func badge(_ severity: Severity) -> HTML {
    "<span class=\"severity \(severity.rawValue)\">\(severity.rawValue)</span>"
}

/// An incident's state as colour and word.
func badge(_ state: Incident.State.Name) -> HTML {
    "<span class=\"state \(state.rawValue)\">\(state.rawValue)</span>"
}

/// A page's state as colour and word.
func badge(_ state: Page.State) -> HTML {
    "<span class=\"state \(state.rawValue)\">\(state.rawValue)</span>"
}

/// How well something is.
enum Tone: String, Sendable { case good, doubtful, bad, idle }

/// A dot and words for how something is doing.
func status(_ tone: Tone, _ words: String) -> HTML {
    "<span class=\"status \(tone.rawValue)\">\(words)</span>"
}
