/// How a person reads and writes the time of day. A browser's own pickers follow its language, so people choose the same.
package enum ClockForm: String, Sendable, CaseIterable {
    /// `17:04`
    case hours24 = "24h"
    /// `5:04 PM`
    case hours12 = "12h"

    /// Formats a time of day.
    ///
    /// - Parameters:
    ///   - minute: minutes since midnight. 1440 is midnight at the end of the day.
    ///   - second: left out if nil.
    package func words(minute: Int, second: Int? = nil) -> String {
        let seconds = second.map { ":\(padded($0))" } ?? ""
        switch self {
        case .hours24: return "\(padded(minute / 60)):\(padded(minute % 60))\(seconds)"
        case .hours12:
            let hour = minute / 60 % 24
            return "\((hour + 11) % 12 + 1):\(padded(minute % 60))\(seconds) \(hour < 12 ? "AM" : "PM")"
        }
    }
}
