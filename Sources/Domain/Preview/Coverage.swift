/// Something in the configuration that will keep a page from reaching somebody.
package struct CoverageWarning: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// Nobody is on call for a while in a schedule that a policy uses.
        case gap
        /// Somebody who would be paged has no contact method that can be.
        case unreachable
        /// A disabled user takes turns; they go to the next.
        case disabled
        /// A schedule that no policy uses.
        case unused
        /// A step that means nobody.
        case emptyStep = "empty-step"
        /// A contact method that would be paged, were it verified.
        case unverified
        /// A channel that no provider serves.
        case noProvider = "no-provider"
        /// Nothing leaves: sending is disabled.
        case sendingDisabled = "sending-disabled"
        case nobody
    }

    package var kind: Kind
    /// What it is about, for a link.
    package var subject: ConfigurationSubject?
    package var teamID: TeamID?
    /// A sentence: what is wrong and what to do.
    package var text: String

    package init(_ kind: Kind, _ text: String, subject: ConfigurationSubject? = nil, team: TeamID? = nil) {
        self.kind = kind
        self.text = text
        self.subject = subject
        teamID = team
    }
}

extension Configuration {
    /// How far ahead coverage is looked at.
    package static let coverageHorizon: Duration = .days(30)

    /// All that is wrong with the coverage from an instant on.
    ///
    /// - Parameter channels: those that a provider serves.
    package func coverage(from now: Timestamp, channels: Set<Channel>) -> [CoverageWarning] {
        let used = Set(policies.values.flatMap(\.targets))
        var warnings: [CoverageWarning] = []
        for schedule in schedules.values.sorted(by: { ($0.name, $0.id) < ($1.name, $1.id) }) {
            warnings += self.warnings(of: schedule, isUsed: used.contains(.schedule(schedule.id)), from: now)
        }
        for user in paged(used, from: now).sorted(by: { (name(of: $0), $0) < (name(of: $1), $1) }) {
            warnings += self.warnings(of: user, channels)
        }
        for policy in policies.values.sorted(by: { ($0.name, $0.id) < ($1.name, $1.id) }) {
            warnings += self.warnings(of: policy, at: now)
        }
        return warnings
    }

    /// Everybody whom a policy may page, or a team without one.
    private func paged(_ targets: Set<EscalationPolicy.Target>, from now: Timestamp) -> Set<UserID> {
        var people: Set<UserID> = []
        for target in targets {
            switch target {
            case .user(let id): people.insert(id)
            case .schedule(let id): people.formUnion(schedules[id]?.people(from: now) ?? [])
            case .team(let id), .roundRobin(let id): people.formUnion(teams[id]?.memberIDs ?? [])
            }
        }
        for team in teams.values where team.defaultPolicyID == nil { people.formUnion(team.memberIDs) }
        return people.filter { users[$0]?.isEnabled == true }
    }

    private func warnings(of schedule: Schedule, isUsed: Bool, from now: Timestamp) -> [CoverageWarning] {
        let subject = ConfigurationSubject(.schedule, schedule.id.rawValue)
        let warn = { (kind: CoverageWarning.Kind, text: String) in
            CoverageWarning(kind, text, subject: subject, team: schedule.teamID)
        }
        var warnings: [CoverageWarning] = []
        if !isUsed { warnings.append(warn(.unused, "No escalation policy uses the schedule “\(schedule.name)”.")) }
        for person in schedule.people(from: now).sorted() where !isPresent(person) {
            let name = name(of: person)
            warnings.append(
                warn(
                    .disabled, "\(name) takes turns in “\(schedule.name)” and is disabled; whoever comes next has them."
                ))
        }
        guard isUsed else { return warnings }
        guard LocalClock(schedule.timeZone) != nil else {
            return warnings + [
                warn(.gap, "The time zone “\(schedule.timeZone)” of “\(schedule.name)” is not known here.")
            ]
        }
        let gaps = schedule.gaps(from: now, to: now + Configuration.coverageHorizon, isPresent: isPresent)
        let total = gaps.reduce(Duration.zero) { $0 + ($1.to - $1.from) }
        if let first = gaps.first {
            let more = gaps.count > 1 ? "; \(gaps.count) gaps of \(total.hours) in the next 30 days" : ""
            let span = "\(schedule.local(first.from)) to \(schedule.local(first.to))"
            warnings.append(warn(.gap, "Nobody is on call in “\(schedule.name)” from \(span)\(more)."))
        }
        return warnings
    }

    private func warnings(of user: UserID, _ channels: Set<Channel>) -> [CoverageWarning] {
        let subject = ConfigurationSubject(.user, user.rawValue)
        let name = name(of: user)
        let wishes = wishes(of: user, urgency: .high)
        if wishes.isEmpty {
            return [CoverageWarning(.unreachable, "\(reasonForSilence(of: user, urgency: .high)).", subject: subject)]
        }
        let unserved = Set(wishes.map(\.contactMethod.channel)).subtracting(channels).sorted {
            $0.rawValue < $1.rawValue
        }
        return unserved.map { channel in
            CoverageWarning(
                .noProvider, "\(name) wants pages by \(channel.name), and no provider for it is set up.",
                subject: subject)
        }
    }

    private func warnings(of policy: EscalationPolicy, at now: Timestamp) -> [CoverageWarning] {
        policy.steps.enumerated().compactMap { index, step in
            let reasons = step.targets.compactMap { target -> String? in
                // Gaps of schedules have warnings of their own.
                if case .schedule(let id) = target, schedules[id] != nil { return nil }
                if case .nobody(let reason) = resolve(target, at: now, turn: 0) { return reason }
                return nil
            }
            guard reasons.count == step.targets.count else { return nil }
            let why = reasons.isEmpty ? "it has no targets" : reasons.joined(separator: "; ")
            return CoverageWarning(
                .emptyStep, "Step \(index + 1) of “\(policy.name)” pages nobody: \(why).",
                subject: ConfigurationSubject(.escalationPolicy, policy.id.rawValue), team: policy.teamID)
        }
    }
}

extension Schedule {
    /// Everybody who may come on call from an instant on: who takes turns, or is in an override that is not over.
    package func people(from now: Timestamp) -> Set<UserID> {
        Set(layers.flatMap { $0.participants.compactMap(\.self) })
            .union(overrides.filter { $0.to > now }.flatMap { $0.change.people.map(\.user) })
    }

    /// An instant in the schedule's own time, like `Sat 2026-03-07 03:00`.
    package func local(_ instant: Timestamp) -> String { instant.local(in: timeZone) }
}

extension Timestamp {
    /// Local time for people, like `Sat 2026-03-07 03:00`; UTC, and saying so, where the zone is not known.
    package func local(in timeZone: String) -> String {
        guard let clock = LocalClock(timeZone) else { return rfc3339 }
        let (date, minute) = (clock.date(at: self), clock.minute(at: self))
        let day = Weekday.shortName(of: date.weekday)
        return "\(day) \(date) \(padded(minute / 60)):\(padded(minute % 60))"
    }
}

extension Duration {
    fileprivate var hours: String {
        let hours = Double(components.seconds) / 3600
        return hours < 48 ? "\(Int(hours.rounded())) h" : "\(Int((hours / 24).rounded())) days"
    }
}
