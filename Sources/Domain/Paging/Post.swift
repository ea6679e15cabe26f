/// The message that shows one incident in one channel of a team. It follows the incident.
package struct Post: Sendable, Hashable {
    package var channelID: TeamChannelID
    package var incidentID: IncidentID
    /// Counts the changes that it should show.
    package var wanted: Int
    /// The number of attempts since the last success.
    package var attempts: Int
    /// The vendor's id of the message, by which it is edited. Nil if there is none, or if it can't be edited.
    package var reference: String?
    /// The states that were posted. A message that can't be edited is sent once for each.
    package var told: Set<State>

    package init(
        channelID: TeamChannelID, incidentID: IncidentID, wanted: Int, attempts: Int, reference: String?,
        told: Set<State>
    ) {
        self.channelID = channelID
        self.incidentID = incidentID
        self.wanted = wanted
        self.attempts = attempts
        self.reference = reference
        self.told = told
    }

    /// What a reader needs to know first.
    package enum State: String, Sendable, CaseIterable, Comparable {
        case open, escalated, acknowledged, resolved

        package static func < (left: State, right: State) -> Bool { left.rawValue < right.rawValue }
    }

    /// What to do with a post whose incident changed.
    package enum Action: Sendable, Hashable {
        case send
        case edit(reference: String)
        /// The channel can't be edited, and it has shown this state already.
        case nothing
    }

    package func action(for state: State) -> Action {
        if let reference { return .edit(reference: reference) }
        return told.contains(state) ? .nothing : .send
    }
}

extension Incident {
    /// What its post says first.
    package var postState: Post.State {
        switch state {
        case .triggered: cycle > 1 ? .escalated : .open
        case .acknowledged: .acknowledged
        case .resolved: .resolved
        }
    }

    /// What a post shows. While it stays the same, no post changes.
    fileprivate var face: Face {
        let owner: String? =
            switch state {
            case .acknowledged(let owner, _, _, _), .resolved(let owner, _): owner.name
            case .triggered: nil
            }
        return Face(title: title, severity: severity, state: state.name, owner: owner, cycle: cycle)
    }

    fileprivate struct Face: Hashable {
        var title: String
        var severity: Severity
        var state: State.Name
        var owner: String?
        var cycle: Int
    }

    /// Whether it is only recorded so far: during maintenance, or while it may be over soon.
    fileprivate var isQuiet: Bool { isHeld || isHeldOff || isDrill }
}

/// The posts that a transition changes.
package struct PostChanges: Sendable, Hashable {
    /// The channels that show the incident from now on, if they don't yet.
    package var opening: Set<TeamChannelID> = []
    /// Whether the existing posts show something else now.
    package var areOutdated = false

    package init() {}

    package var isEmpty: Bool { opening.isEmpty && !areOutdated }

    mutating func add(_ next: PostChanges) {
        opening.formUnion(next.opening)
        areOutdated = areOutdated || next.areOutdated
    }
}

extension Decision {
    /// Notes which posts change, at the end of a decision.
    ///
    /// - Parameter before: nil when the incident was opened just now.
    mutating func changePosts(from before: Incident?) {
        guard !configuration.teamChannels.isEmpty, before?.face != incident.face, !transition.isEmpty else { return }
        transition.posts.areOutdated = before != nil
        // What was over before it paged anybody is not worth a message.
        let isOver = if case .resolved = incident.state { true } else { false }
        guard !incident.isQuiet, !isOver else { return }
        transition.posts.opening.formUnion(configuration.followers(of: incident.teamID))
    }

    /// Posts to the channels that a step names.
    ///
    /// - Returns: whether the step names nothing but channels, and at least one of them can be posted to.
    mutating func post(to step: EscalationPolicy.Step, number: Int) -> Bool {
        let named = step.targets.compactMap { target -> TeamChannelID? in
            if case .channel(let id) = target { id } else { nil }
        }
        let usable = named.filter { configuration.reasonNotToPost(to: $0) == nil }
        guard !usable.isEmpty else { return false }
        transition.posts.opening.formUnion(usable)
        let names = usable.compactMap { configuration.teamChannels[$0]?.name }
        log(.posted(step: number, channels: names), by: .system)
        return named.count == step.targets.count
    }
}
