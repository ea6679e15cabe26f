internal import Domain

/// Who is on call in a schedule, until when, and who is next.
struct DutyLine: Sendable {
    var schedule: String
    var path: Path
    /// Empty in a gap.
    var people: [String]
    var since: Timestamp?
    /// Nil if nothing changes within a year.
    var until: Timestamp?
    var next: [String]

    /// The names, or a warning that nobody is on call.
    var who: HTML {
        people.isEmpty ? status(.bad, "nobody") : "\(people.joined(separator: ", "))"
    }

    /// `until Mon 9 Mar, 09:00, then Bob`.
    func then(_ reader: Reader) -> HTML {
        guard let until else { return "no change within a year" }
        let relief: HTML = next.isEmpty ? status(.bad, "nobody") : "<b>\(next.joined(separator: ", "))</b>"
        return "until \(reader.fixed(until)), then \(relief)"
    }
}
