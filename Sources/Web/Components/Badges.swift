internal import Domain

/// Shows a severity by colour, shape and word.
func badge(_ severity: Severity) -> HTML {
    "<span class=\"severity \(severity.rawValue)\">\(severity.rawValue)</span>"
}

/// Shows an incident's state by colour and word.
func badge(_ state: Incident.State.Name) -> HTML {
    "<span class=\"state \(state.rawValue)\">\(state.rawValue)</span>"
}

/// Shows a page's state by colour and word.
func badge(_ state: Page.State) -> HTML {
    "<span class=\"state \(state.rawValue)\">\(state.rawValue)</span>"
}

/// How good a status is.
enum Tone: String, Sendable { case good, doubtful, bad, idle }

/// Shows a status as a dot and words.
func status(_ tone: Tone, _ words: String) -> HTML {
    "<span class=\"status \(tone.rawValue)\">\(words)</span>"
}
