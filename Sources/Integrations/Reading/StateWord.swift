internal import Domain

/// A word that monitoring systems use for the state of a problem.
///
/// The words have weights, because senders combine them: `ALERT_RECOVERY`, `problem resolved`, `recovered from critical`.
enum StateWord {
    /// The problem is over, and the word says nothing else: `resolved`, `recovered`.
    case over
    /// A good state of what is watched: `ok`, `up`, `green`.
    case good
    /// A bad state of what is watched: `down`, `critical`.
    case bad
    /// The problem exists: `firing`, `triggered`, `open`.
    case firing
    /// Names the thing and not its state: `alert`, `problem`. Alone, it means that the problem exists.
    case thing
    case acknowledged
    /// Neither good nor bad: `pending`, `paused`, `running`.
    case neutral

    /// - Parameter word: in lower case.
    init?(_ word: some StringProtocol) {
        guard word.utf8.count <= 20, let known = Self.known[String(word)] else { return nil }
        self = known
    }

    /// The status that the word alone stands for.
    var status: AlertEvent.Status {
        switch self {
        case .over, .good: .resolved
        case .bad, .firing, .thing: .firing
        case .acknowledged: .acknowledged
        case .neutral: .informational
        }
    }

    private static let known: [String: StateWord] = {
        let words: [(StateWord, String)] = [
            (
                .over,
                "resolved resolve resolves resolving recovered recover recovers recovery recovering cleared clears closed close "
                    + "closes closing restored restore fixed solved deactivated ended end finished canceled cancelled "
                    + "dismissed inactive"
            ),
            (
                .good,
                "ok okay up normal clear green good healthy passing passed pass success successful succeeded online available "
                    + "reachable operational alive responding completed complete fine untriggered"
            ),
            (
                .bad,
                "down critical crit error err warning warn failed failure failing fail fails unhealthy red yellow orange "
                    + "degraded offline unavailable unreachable dead crashed disaster emergency fatal major minor unknown "
                    + "nodata outage breached exceeded unresponsive timeout aborted bad danger unresolved expired broken"
            ),
            (
                .firing,
                "firing fired fire unacknowledged unacknowledge triggered trigger triggers triggering alerting open opened opens active activated activate "
                    + "started start new created create reopened reopen reactivated escalated raised problematic"
            ),
            (.thing, "alert alarm problem incident issue event alerts alarms problems incidents"),
            (.acknowledged, "acknowledged acknowledge acknowledgement acknowledgment ack acked"),
            (
                .neutral,
                "info informational paused pending maintenance running queued scheduled skipped neutral suppressed silenced "
                    + "snoozed muted downtime initializing provisioning waiting progress"
            ),
        ]
        return Dictionary(
            words.flatMap { kind, list in list.split(separator: " ").map { (String($0), kind) } },
            uniquingKeysWith: { first, _ in first })
    }()

    /// The words that turn a state into its opposite.
    static let negations: Set<String> = [
        "not", "no", "never", "non", "isn't", "aren't", "wasn't", "can't", "cannot", "couldn't", "won't", "unable",
        "without",
        "isnt", "cant", "didn't", "hasn't", "un",
    ]
}

extension AlertEvent.Status {
    /// Reads a word or a short phrase that monitoring systems use for a state, in any case and style: `RESOLVED`,
    /// `no_data`, `ALERT_STATE_EVENT_END`, `check.up`, `changed from critical to ok`. Nil when no word of it is known.
    init?(word: String) {
        let text = word.trimmingBlanks()
        guard !text.isEmpty, text.utf8.count <= 80 else { return nil }
        let words = NameStyle.words(of: text)
        switch words {
        case ["no", "data"], ["in", "alarm"]: self = .firing
        case ["all", "clear"], ["back"]: self = .resolved
        case ["in", "progress"]: self = .informational
        default:
            guard let status = Self.reading(words) else { return nil }
            self = status
        }
    }

    /// The last word that says something decides, but what something was before doesn't count.
    private static func reading(_ words: [String]) -> AlertEvent.Status? {
        let before = words.firstIndex { ["from", "was", "previously", "previous", "old", "last"].contains($0) }
        var heard = words
        if let before {
            let after = words[before...].firstIndex(of: "to")
            heard = after.map { Array(words[$0...]) } ?? Array(words[..<before])
        }
        var found: StateWord?
        for (place, word) in heard.enumerated() {
            guard let state = StateWord(word) else { continue }
            if case .thing = state, found != nil { continue }
            // “Resolved critical” is over. “Recovery failed” is not.
            if case .over? = found, word != "failed", word != "failure" { if case .bad = state { continue } }
            let isNegated =
                place > 0 && StateWord.negations.contains(heard[place - 1])
                || place > 1 && heard[place - 1] == "longer" && heard[place - 2] == "no"
            found = isNegated ? state.opposite : state
        }
        return found?.status
    }
}

extension StateWord {
    var opposite: StateWord {
        switch self {
        case .over, .good: .bad
        case .bad, .firing: .over
        case .thing, .acknowledged, .neutral: self
        }
    }
}
