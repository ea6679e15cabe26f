/// A flaw in the configuration that will keep a page from reaching somebody.
package struct CoverageWarning: Sendable, Hashable {
    package enum Kind: String, Sendable, CaseIterable {
        /// A schedule that a policy uses has nobody on call for a while.
        case gap
        /// A person who would be paged has no usable contact method.
        case unreachable
        /// A disabled user takes turns. Those turns go to the next person.
        case disabled
        /// A schedule that no policy uses.
        case unused
        /// A step that pages nobody.
        case emptyStep = "empty-step"
        /// A contact method that would be paged if it were verified.
        case unverified
        /// A channel without a provider.
        case noProvider = "no-provider"
        /// Sending is disabled, so nothing leaves.
        case sendingDisabled = "sending-disabled"
        case nobody
    }

    package var kind: Kind
    /// The subject that the warning links to.
    package var subject: ConfigurationSubject?
    package var teamID: TeamID?
    /// Says what is wrong and what to do.
    package var text: String

    package init(_ kind: Kind, _ text: String, subject: ConfigurationSubject? = nil, team: TeamID? = nil) {
        self.kind = kind
        self.text = text
        self.subject = subject
        teamID = team
    }
}

extension Configuration {
    /// How far ahead to check coverage.
    package static let coverageHorizon: Duration = .days(30)

    /// Returns all coverage warnings from an instant on.
    ///
    /// - Parameter channels: the channels that have a provider.
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

    /// Returns everybody whom these targets may page.
    private func paged(_ targets: Set<EscalationPolicy.Target>, from now: Timestamp) -> Set<UserID> {
        var people: Set<UserID> = []
        for target in targets {
            switch target {
            case .user(let id): people.insert(id)
            case .schedule(let id): people.formUnion(schedules[id]?.people(from: now) ?? [])
            case .team(let id), .roundRobin(let id): people.formUnion(teams[id]?.memberIDs ?? [])
            case .channel: break
            }
        }
        for team in teams.values where pagesEverybody(team) { people.formUnion(team.memberIDs) }
        return people.filter { users[$0]?.isEnabled == true }
    }

    /// Whether an alert may find no policy and so pages everybody in the team.
    private func pagesEverybody(_ team: Team) -> Bool {
        team.defaultPolicyID == nil
            && (sources.values.contains { $0.teamID == team.id && $0.policyID == nil }
                || heartbeats.values.contains { $0.teamID == team.id && $0.policyID == nil })
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
                    .disabled, "\(name) takes turns in “\(schedule.name)” but is disabled. The next person has them."
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
            let end = schedule.local(first.to)
            let words =
                first.from > now
                ? "Nobody is on call in “\(schedule.name)” from \(schedule.local(first.from)) to \(end)"
                : "Nobody has been on call in “\(schedule.name)” \(since(of: schedule, at: now)), until \(end)"
            warnings.append(warn(.gap, "\(words)\(more)."))
        }
        return warnings
    }

    /// When a gap that is running began.
    private func since(of schedule: Schedule, at now: Timestamp) -> String {
        let earliest = now - Configuration.coverageHorizon
        let running = schedule.gaps(from: earliest, to: now + .seconds(1), isPresent: isPresent).last
        guard let running, running.from > earliest else { return "for more than 30 days" }
        return "since \(schedule.local(running.from))"
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
        let subject = ConfigurationSubject(.escalationPolicy, policy.id.rawValue)
        if !policy.targets.isEmpty && policy.targets.allSatisfy(\.isChannel) {
            let words =
                "“\(policy.name)” only posts to channels, so it pages nobody. Add a person, a schedule or a team."
            return [CoverageWarning(.emptyStep, words, subject: subject, team: policy.teamID)]
        }
        return policy.steps.enumerated().compactMap { index, step in
            let reasons = step.targets.compactMap { target -> String? in
                // Gaps in schedules have warnings of their own.
                if case .schedule(let id) = target, schedules[id] != nil { return nil }
                // A step may only post, as long as another one pages.
                if case .channel(let id) = target { return reasonNotToPost(to: id) }
                if case .nobody(let reason) = resolve(target, at: now, turn: 0) { return reason }
                return nil
            }
            guard reasons.count == step.targets.count else { return nil }
            let why = reasons.isEmpty ? "it has no targets" : reasons.joined(separator: "; ")
            return CoverageWarning(
                .emptyStep, "Step \(index + 1) of “\(policy.name)” pages nobody: \(why).",
                subject: subject, team: policy.teamID)
        }
    }
}

extension Schedule {
    /// Returns the people who may come on call from an instant on: those with turns, and those in overrides that are
    /// not over.
    package func people(from now: Timestamp) -> Set<UserID> {
        Set(layers.flatMap { $0.participants.compactMap(\.self) })
            .union(overrides.filter { $0.to > now }.flatMap { $0.change.people.map(\.user) })
    }

    /// Formats an instant in the schedule's time zone, like `Sat 2026-03-07 03:00`.
    package func local(_ instant: Timestamp) -> String { instant.local(in: timeZone) }
}

extension Timestamp {
    /// Formats an instant in a time zone, like `Sat 2026-03-07 03:00`. In an unknown zone the result is in UTC and says
    /// so.
    package func local(in timeZone: String, _ form: ClockForm = .hours24) -> String {
        guard let clock = LocalClock(timeZone) else { return rfc3339 }
        let (date, minute) = (clock.date(at: self), clock.minute(at: self))
        let day = Weekday.shortName(of: date.weekday)
        return "\(day) \(date) \(form.words(minute: minute))"
    }
}

extension Duration {
    fileprivate var hours: String {
        let hours = Double(components.seconds) / 3600
        return hours < 48 ? "\(Int(hours.rounded())) h" : "\(Int((hours / 24).rounded())) days"
    }
}
