/// A day of the week with its ISO 8601 number: Monday is 1, Sunday is 7.
package enum Weekday: Int, Sendable, CaseIterable, Comparable {
    case monday = 1
    case tuesday, wednesday, thursday, friday, saturday, sunday

    /// The English name: `Monday`.
    package var name: String {
        switch self {
        case .monday: "Monday"
        case .tuesday: "Tuesday"
        case .wednesday: "Wednesday"
        case .thursday: "Thursday"
        case .friday: "Friday"
        case .saturday: "Saturday"
        case .sunday: "Sunday"
        }
    }

    package static func < (left: Weekday, right: Weekday) -> Bool { left.rawValue < right.rawValue }

    /// The first three letters of the name: `Mon`.
    package var shortName: String { String(name.prefix(3)) }

    /// The short names, Monday first.
    package static let shortNames = allCases.map(\.shortName)

    /// Reads a name or its first letters, at least three, in any case. Nil for anything else.
    package init?(named text: some StringProtocol) {
        let word = text.lowercased()
        guard word.count >= 3, let day = Weekday.allCases.first(where: { $0.name.lowercased().hasPrefix(word) }) else {
            return nil
        }
        self = day
    }

    /// Returns the short name of a day's number, or the number itself outside 1 to 7.
    package static func shortName(of number: Int) -> String { Weekday(rawValue: number)?.shortName ?? String(number) }
}
