/// A request to change an incident.
package enum Command: Sendable, Hashable {
    /// Another alert for the same problem.
    case receive(AlertEvent, autoResolveAfter: Duration? = nil)
    case acknowledge
    case resolve
    case reopen
    /// Takes back the author's own latest action, shortly after it: an acknowledgement, a resolution, a snooze, an
    /// escalation, a reassignment or a hand-over.
    case undo
    /// The alert of a resolved incident fired again within the source's reopening window. The incident continues where
    /// it was.
    case resume
    /// Maintenance windows changed. A held incident may start paging now, or stay held longer.
    case maintenanceChanged
    /// A person escalates to the next step now.
    case escalate
    /// A timer ran out. The policy may end only if its latest round reached somebody.
    case escalationDue(wasReached: Bool)
    /// Pauses the escalation until an instant. An acknowledgement then expires at that instant.
    case snooze(until: Timestamp)
    case note(String)
    /// Replaces the policy.
    case reassign(EscalationPolicy)
    /// Hands the incident to one person, who is paged in place of those who were.
    case handOver(to: UserID)
    /// A page ended without arriving. `others` are the incident's pages that are not final or belong to the same turn.
    case pageFailed(FailedPage, others: [PageSummary])
    /// A page is late at its provider, and the person has another page to send.
    case pageLate(LatePage)
    /// A user's rules or contact methods changed during a turn. `pages` are the user's queued pages.
    case rulesChanged(UserID, turn: Turn, pages: [PageSummary])
    /// A user was disabled or deleted. `pages` are those of the incident's latest turn.
    case responderGone(UserID, name: String, pages: [PageSummary])

    /// What a command may hold.
    package enum Limits {
        /// Characters of a note.
        package static let note = 5_000
        package static let longestSnooze: Duration = .days(30)
        /// How long an action can be taken back. The pages offer it for ten seconds.
        package static let undo: Duration = .minutes(1)
    }
}

/// A page that ended without arriving.
package struct FailedPage: Sendable, Hashable {
    package var id: PageID
    package var userID: UserID
    package var userName: String
    package var channel: Channel
    package var cycle: Int
    package var explanation: String

    package init(
        id: PageID, userID: UserID, userName: String, channel: Channel, cycle: Int, explanation: String
    ) {
        self.id = id
        self.userID = userID
        self.userName = userName
        self.channel = channel
        self.cycle = cycle
        self.explanation = explanation
    }
}

/// What a decision needs to know of another page of the incident.
package struct PageSummary: Sendable, Hashable {
    package var id: PageID
    package var userID: UserID
    package var channel: Channel
    package var rule: String
    package var cycle: Int
    /// Index of the policy's step that asked for it.
    package var step: Int
    package var state: Page.State
    /// For a retry the time of the next attempt.
    package var dueAt: Timestamp
    package var attempts: Int
    /// It is being handed over although a decision withdrew it: it leaves now or never.
    package var isUnwanted: Bool

    package init(
        id: PageID, userID: UserID, channel: Channel, rule: String, cycle: Int, step: Int = 0, state: Page.State,
        dueAt: Timestamp, attempts: Int = 0, isUnwanted: Bool = false
    ) {
        self.id = id
        self.userID = userID
        self.channel = channel
        self.rule = rule
        self.cycle = cycle
        self.step = step
        self.state = state
        self.dueAt = dueAt
        self.attempts = attempts
        self.isUnwanted = isUnwanted
    }

    /// Whether it may still arrive, or has.
    package var isHopeful: Bool { !isUnwanted && (!state.isFinal || state == .delivered) }
}

/// A person's latest turn in an incident.
package struct Turn: Sendable, Hashable {
    package var cycle: Int
    package var step: Int
    package var startedAt: Timestamp

    package init(cycle: Int, step: Int, startedAt: Timestamp) {
        self.cycle = cycle
        self.step = step
        self.startedAt = startedAt
    }
}

/// Why a command can't be carried out: a 409 of the API.
package enum Refusal: Error, Sendable, Hashable, CustomStringConvertible {
    case alreadyResolved
    case notResolved
    /// The problem has opened another incident since.
    case newerIsOpen(Int)
    case nothingToUndo
    case snoozeOutOfRange
    /// Nobody can hand an incident to this person, for this reason.
    case cannotTake(String)
    case emptyNote
    case noteTooLong

    package var description: String {
        switch self {
        case .alreadyResolved: "The incident is resolved. Reopen it first."
        case .notResolved: "The incident is still open; only a resolved incident can be reopened."
        case .newerIsOpen(let number): "Incident #\(number) of the same problem is open. Continue there."
        case .nothingToUndo:
            "It can't be undone any more: a minute has passed, or somebody has changed the incident since."
        case .snoozeOutOfRange: "Snooze until an instant in the future, at most 30 days away."
        case .cannotTake(let reason): "Nothing was changed: \(reason)."
        case .emptyNote: "The note is empty. Write at least one character."
        case .noteTooLong: "The note is too long. Write at most \(Command.Limits.note) characters."
        }
    }
}
