/// Something that the administrators should know of, because it keeps pages from arriving.
package struct Trouble: Sendable, Hashable {
    /// The same as long as it is the same trouble: `provider infobip, SMS`.
    package var name: String
    /// A sentence without secrets.
    package var text: String
    /// Channels over which it is useless to tell.
    package var channels: Set<Channel>
    /// Whether the text says that it is over.
    package var isOver = false

    package init(name: String, text: String, channels: Set<Channel> = []) {
        self.name = name
        self.text = text
        self.channels = channels
    }
}

/// Decides when to tell of trouble: once it has lasted, once a day, and when it is over.
package struct TroubleWatch: Sendable {
    /// How long trouble must last.
    package static let patience: Duration = .minutes(2)
    /// How often the same trouble is told.
    package static let interval: Duration = .days(1)

    private struct Known: Sendable {
        var since: Timestamp
        var toldAt: Timestamp?
        var trouble: Trouble
    }

    private var known: [String: Known] = [:]

    package init() {}

    /// Returns what to tell now.
    ///
    /// - Parameter troubles: all that there is.
    package mutating func look(_ troubles: [Trouble], at now: Timestamp) -> [Trouble] {
        var news: [Trouble] = []
        let names = Set(troubles.map(\.name))
        for (name, past) in known.sorted(by: { $0.key < $1.key }) where !names.contains(name) {
            known[name] = nil
            guard past.toldAt != nil else { continue }
            var end = Trouble(name: name, text: "Over: \(past.trouble.text)")
            end.isOver = true
            news.append(end)
        }
        for trouble in troubles.sorted(by: { $0.name < $1.name }) {
            var entry = known[trouble.name] ?? Known(since: now, trouble: trouble)
            entry.trouble = trouble
            if now - entry.since >= TroubleWatch.patience,
                entry.toldAt.map({ now - $0 >= TroubleWatch.interval }) ?? true
            {
                entry.toldAt = now
                news.append(trouble)
            }
            known[trouble.name] = entry
        }
        return news
    }
}

extension Configuration {
    /// Returns how to tell the administrators of trouble: each over the first of their contact methods that the trouble
    /// does not concern. Those that usually page at once come first.
    package func waysToAdministrators(avoiding channels: Set<Channel>) -> [ContactMethod] {
        administrators.compactMap { person in
            let usable = contactMethods(of: person).filter { $0.isUsable && !channels.contains($0.channel) }
            return usable.min {
                ($0.channel.definition.usualRule.delay, $0.id) < ($1.channel.definition.usualRule.delay, $1.id)
            }
        }
    }
}
