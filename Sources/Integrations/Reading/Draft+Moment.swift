internal import Domain

extension Draft {
    /// Sets the time of the single event that a sender reports: the start of a problem, or the end of one that is over.
    /// Call it once the status is known.
    mutating func happened(at instant: Timestamp?) {
        if status == .resolved { endsAt = instant } else { startsAt = instant }
    }

    /// Reads tags in one text, `env:prod,team:db,urgent`, as labels. Those without a value become one label, `tags`.
    mutating func label(tags text: String?, separator: Character = ",") {
        var bare: [String] = []
        for tag in (text ?? "").split(separator: separator).map({ $0.trimmingBlanks() }) where !tag.isEmpty {
            let parts = tag.split(separator: ":", maxSplits: 1)
            if parts.count == 2 {
                label(parts[0].trimmingBlanks(), parts[1].trimmingBlanks())
            } else {
                bare.append(tag)
            }
        }
        if !bare.isEmpty { label("tags", bare.joined(separator: ", ")) }
    }
}
