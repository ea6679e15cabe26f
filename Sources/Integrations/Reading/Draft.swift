internal import Domain
internal import Formats

/// An alert with raw texts, as an integration reads it. `event` cleans all of them by the same rules.
struct Draft {
    var status = AlertEvent.Status.firing
    var title: String?
    /// Nil and blank paragraphs are omitted.
    var text: [String?] = []
    var severity: Severity?
    /// The sender's own id for the problem. Without one, the key is derived from the title and the identity.
    var key: String?
    /// The title as it is in all messages about the problem, if `title` adds something to it.
    var stem: String?
    /// The key that earlier versions derived, if it is not that of the title.
    var formerKey: DedupKey?
    /// What is watched and where.
    var identity = Identity()
    var links: [(title: String, url: String?)] = []
    var labels: [(name: String, value: String?)] = []
    var startsAt: Timestamp?
    var namesEpisode = false
    var endsAt: Timestamp?
    /// When a firing alert is over unless it is repeated.
    var expiresAt: Timestamp?
    /// What the key is made of, for people. Nil leaves it to the derived key.
    var keyParts: [String]?
    var team: String?
    var policy: String?

    /// A fault when there is no title, because an alert without one helps nobody.
    var entry: Decoded.Entry {
        event.map(Decoded.Entry.event)
            ?? .rejected([FieldFault("title", "The title is missing. Say in one line what is wrong.")])
    }

    /// Nil without a title.
    var event: AlertEvent? {
        let title = Clean.title(title ?? "")
        guard !title.isEmpty else { return nil }
        let paragraphs = text.compactMap(\.self).filter { $0.contains { !$0.isWhitespace } }
        let key = key.map { DedupKey(Clean.visible($0).trimmingBlanks()) }
        var event = AlertEvent(
            status: status, title: shown(title), text: Clean.text(paragraphs.joined(separator: "\n\n")),
            severity: severity,
            dedupKey: key.flatMap { $0.rawValue.isEmpty ? nil : $0 } ?? derivedKey(title),
            links: Clean.links(links),
            labels: Clean.labels(labels.compactMap { label in label.value.map { (name: label.name, value: $0) } }),
            startsAt: startsAt, endsAt: endsAt, team: team.map(Clean.name), policy: policy.map(Clean.name))
        event.namesEpisode = namesEpisode
        event.expiresAt = status == .firing ? expiresAt : nil
        event.keyParts = shownParts(isNamed: key?.rawValue.isEmpty == false, title)
        event.formerKey = formerKey ?? (self.key == nil ? DedupKey(derivedFrom: [Clean.title(stem ?? title)]) : nil)
        return event
    }

    /// An open incident must not say that it is resolved.
    private func shown(_ title: String) -> String {
        guard status == .firing else { return title }
        let state = TitleState(title)
        return state.isMarked && state.status == .resolved ? state.stem : title
    }

    /// The key of an alert that names none. The state is no part of it, so that a recovery has the key of its problem.
    private func derivedKey(_ title: String) -> DedupKey {
        DedupKey(derivedFromIdentity: (namedTitle(title).map { [$0] } ?? []) + identity.parts)
    }

    /// The title without its state, where it is a part of the key.
    private func namedTitle(_ title: String) -> String? {
        identity.isComplete ? nil : TitleState(stem.map(Clean.title) ?? title).stem
    }

    private func shownParts(isNamed: Bool, _ title: String) -> [String] {
        let parts = keyParts ?? (isNamed ? [] : (namedTitle(title).map { ["title=\($0)"] } ?? []) + identity.parts)
        return parts.prefix(AlertEvent.Limits.keyParts).map(Clean.name)
    }

    /// Reads the state from the title, for senders that don't say it elsewhere.
    mutating func readState(ofTitle title: String?) {
        if let state = title.flatMap({ TitleState(Clean.title($0)).status }) { status = state }
    }

    mutating func link(_ title: String, _ url: String?) { links.append((title, url)) }
    mutating func label(_ name: String, _ value: String?) { labels.append((name, value)) }

    /// Adds all members of an object as labels. Nested arrays and objects become JSON texts.
    mutating func label(all json: JSON?, prefix: String = "") {
        for member in json?.object?.members ?? [] { label(prefix + member.name, member.value.rendered) }
    }
}

extension JSON {
    /// Returns the first readable instant.
    func instant(_ paths: String...) -> Timestamp? {
        for path in paths {
            if let instant = at(path)?.text.flatMap(Clean.instant) { return instant }
        }
        return nil
    }
}
