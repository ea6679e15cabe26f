extension Decision {
    /// Tells those whom the incident paged, and who want to know, who has it.
    mutating func tellWhoHasIt() {
        guard author.kind == .user else { return }
        tell("\(author.name) has it", those: [.all])
    }

    /// Tells those whom the incident paged, and who want to know, that it is over.
    mutating func tellThatItIsOver() {
        let by = author.kind == .user ? "resolved by \(author.name)" : "over"
        tell("\(by) after \((now - incident.openedAt).rounded)", those: [.over, .all])
    }

    /// Takes back the news of a change at an instant, unless they have left.
    mutating func takeBackNews(since: Timestamp) {
        guard now < since + StandDown.pause, configuration.users.values.contains(where: { $0.standDown != .nothing })
        else {
            return
        }
        transition.pageChanges.append(.tellNothing)
    }

    private mutating func tell(_ what: String, those wishing: Set<StandDown>) {
        guard incident.cycle > 0 else { return }
        let people = configuration.users.values.filter {
            wishing.contains($0.standDown) && $0.isEnabled && !(author.kind == .user && $0.id.rawValue == author.id)
        }
        guard !people.isEmpty else { return }
        let title = TextLimit.characters(100).fitted(incident.title)
        transition.pageChanges.append(
            .tell(people.map(\.id).sorted(), text: "#\(incident.number) \(title): \(what)", at: now + StandDown.pause))
    }
}

extension StandDown {
    /// How long the message waits, because people may take back what they did.
    package static let pause: Duration = .seconds(10)
}

extension Duration {
    /// `45 s`, `4 min`, `3 h`: rounded down to the largest unit.
    package var rounded: String {
        let seconds = max(components.seconds, 0)
        for (unit, length) in [("d", Int64(86_400)), ("h", 3_600), ("min", 60)] where seconds >= length {
            return "\(seconds / length) \(unit)"
        }
        return "\(seconds) s"
    }
}
