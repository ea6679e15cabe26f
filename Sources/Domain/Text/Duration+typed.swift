/// Durations as people type them.
extension Duration {
    private static let units: [(names: Set<String>, seconds: Int)] = [
        (["d", "day", "days"], 86_400), (["h", "hour", "hours"], 3_600),
        (["min", "m", "minute", "minutes", ""], 60), (["s", "sec", "second", "seconds"], 1),
    ]

    /// Reads `5 min`, `1h`, `90 s` or `2 days`. A number alone is minutes. Nil for anything else.
    package init?(typed text: String) {
        let text = text.trimmingBlanks().lowercased()
        let digits = text.prefix { "0123456789".contains($0) }
        let unit = String(text.dropFirst(digits.count)).trimmingBlanks()
        guard let number = Int(digits), number <= 100_000_000,
            let seconds = Duration.units.first(where: { $0.names.contains(unit) })?.seconds
        else { return nil }
        self = .seconds(number * seconds)
    }

    /// The duration in the largest unit that expresses it exactly.
    package var typed: String {
        let seconds = Int(components.seconds)
        for (name, length) in [("d", 86_400), ("h", 3_600), ("min", 60)] where seconds > 0 && seconds % length == 0 {
            return "\(seconds / length) \(name)"
        }
        return "\(seconds) s"
    }
}
