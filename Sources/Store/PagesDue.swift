package import Domain

/// When pages may leave that were queued or moved forward.
package struct PagesDue: Sendable, Hashable {
    /// The first of them.
    package private(set) var earliest: Timestamp
    /// The first of each channel. Empty if they may be of any channel.
    package private(set) var byChannel: [Channel: Timestamp] = [:]
    /// The channels for which the commit itself claimed what is due. Their workers need not look. Other processes are not
    /// told.
    package var claimed: Set<Channel> = []

    /// Pages of any channel.
    package init(at instant: Timestamp) { earliest = instant }

    /// New pages, each with its channel and when it may leave. Nil if there are none.
    package init?(_ pages: [(Channel, Timestamp)]) {
        guard let first = pages.map(\.1).min() else { return nil }
        earliest = first
        byChannel = Dictionary(pages) { min($0, $1) }
    }

    /// - Parameter words: those of `text`. Words of other versions are ignored.
    init?(words: some Sequence<Substring>) {
        let words = Array(words)
        guard let first = words.first.flatMap({ Int64($0) }) else { return nil }
        earliest = Timestamp(microseconds: first)
        for word in words.dropFirst() {
            let parts = word.split(separator: "=", maxSplits: 1)
            // A channel that is not known here is served by another process.
            guard parts.count == 2, let instant = Int64(parts[1]) else { continue }
            if let channel = Channel(rawValue: String(parts[0])) {
                byChannel[channel] = Timestamp(microseconds: instant)
            }
        }
    }

    /// When the first page of one of these channels may leave. Nil if it is none of theirs, or claimed.
    package func first(of channels: [Channel]) -> Timestamp? {
        let open = channels.filter { !claimed.contains($0) }
        if byChannel.isEmpty { return open.isEmpty ? nil : earliest }
        return open.compactMap { byChannel[$0] }.min()
    }

    /// Those of the channels of which a page may leave by now.
    package func channels(of channels: [Channel], by now: Timestamp) -> [Channel] {
        channels.filter { channel in first(of: [channel]).map { $0 <= now } ?? false }
    }

    /// What both announce.
    package func merged(with other: PagesDue) -> PagesDue {
        var merged = PagesDue(at: min(earliest, other.earliest))
        if !byChannel.isEmpty && !other.byChannel.isEmpty {
            merged.byChannel = byChannel.merging(other.byChannel) { min($0, $1) }
        }
        return merged
    }

    var text: String {
        ([String(earliest.microseconds)]
            + byChannel.sorted { $0.key.rawValue < $1.key.rawValue }.map {
                "\($0.key.rawValue)=\($0.value.microseconds)"
            })
            .joined(separator: " ")
    }
}

extension Sequence<PagesDue> {
    /// What all of them announce. Nil if there are none.
    package var merged: PagesDue? {
        reduce(nil) { merged, next in merged.map { $0.merged(with: next) } ?? next }
    }
}
