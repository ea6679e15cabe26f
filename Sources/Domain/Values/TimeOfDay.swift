/// A local time of day in minutes since midnight. 1440 is midnight at the end of the day.
package struct TimeOfDay: Hashable, Comparable, Sendable, CustomStringConvertible {
    package var minute: Int

    package init(_ minute: Int) { self.minute = minute }

    /// Reads `09:00` and `9:00`, up to `24:00`.
    package init?(_ text: some StringProtocol) {
        let parts = text.split(separator: ":", omittingEmptySubsequences: false)
        guard parts.count == 2, parts.allSatisfy({ (1...2).contains($0.count) }), let hour = Int(parts[0]),
            let minute = Int(parts[1]), (0...24).contains(hour), (0..<60).contains(minute), hour * 60 + minute <= 1440
        else { return nil }
        self.minute = hour * 60 + minute
    }

    package static func < (left: TimeOfDay, right: TimeOfDay) -> Bool { left.minute < right.minute }

    /// `09:00`.
    package var description: String { "\(padded(minute / 60)):\(padded(minute % 60))" }
}
