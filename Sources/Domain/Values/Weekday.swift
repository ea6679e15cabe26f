/// A day of the week, numbered as ISO 8601 does: Monday is 1, Sunday 7.
package enum Weekday: Int, Sendable, CaseIterable {
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

    /// The first three letters of the name: `Mon`.
    package var shortName: String { String(name.prefix(3)) }

    /// The short names, Monday first.
    package static let shortNames = allCases.map(\.shortName)

    /// Reads a name, or at least three of its first letters, in any case; nil for anything else.
    package init?(named text: some StringProtocol) {
        let word = text.lowercased()
        guard word.count >= 3, let day = Weekday.allCases.first(where: { $0.name.lowercased().hasPrefix(word) }) else {
            return nil
        }
        self = day
    }

    /// The short name of a day's number; the number itself outside of 1 to 7.
    package static func shortName(of number: Int) -> String { Weekday(rawValue: number)?.shortName ?? String(number) }
}
