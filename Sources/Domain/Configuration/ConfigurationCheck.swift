/// Collects the faults in configuration changes, by the API's field names.
///
/// It checks the configuration as it would be after the changes. References between the changes are therefore valid,
/// and dangling ones are found.
struct ConfigurationCheck {
    let before: Configuration
    let after: Configuration
    var faults: [FieldFault] = []

    mutating func fault(_ field: String, _ explanation: String) { faults.append(FieldFault(field, explanation)) }

    mutating func expect(_ condition: Bool, _ field: String, _ explanation: @autoclosure () -> String) {
        if !condition { fault(field, explanation()) }
    }

    mutating func name(_ name: String, _ field: String = "name") {
        let limit = ConfigurationLimits.name
        expect(
            !name.trimmingBlanks().isEmpty && name.count <= limit && !name.contains(where: \.isNewline), field,
            "Write 1 to \(limit) characters on one line.")
    }

    mutating func unique(_ isTaken: Bool, _ name: String, _ field: String = "name") {
        expect(!isTaken, field, "There is another one named “\(name)”.")
    }

    mutating func team(_ id: TeamID, _ field: String = "team_id") {
        expect(after.teams[id] != nil, field, "There is no team “\(id)”.")
    }

    mutating func timeZone(_ name: String, _ field: String = "time_zone") {
        expect(
            LocalClock(name) != nil && !isAbbreviation(name), field,
            "The time zone “\(name.prefix(100))” is not known. Write an IANA name like Europe/Zagreb.")
    }

    /// An abbreviation means different zones in different places. An offset has no daylight saving time.
    private func isAbbreviation(_ name: String) -> Bool {
        let known = [
            "ACT", "AET", "AGT", "ART", "AST", "BET", "BST", "CAT", "CNT", "CST", "CTT", "EAT", "ECT", "IET", "IST",
            "JST", "MIT", "NET", "NST", "PLT", "PNT", "PRT", "PST", "SST", "VST",
        ]
        let isOffset =
            ["GMT", "UTC", "UT", "+", "-"].contains { name.uppercased().hasPrefix($0) }
            && name.contains { $0 == "+" || $0 == "-" || $0 == ":" }
        return known.contains(name.uppercased()) || isOffset && !["GMT+0", "GMT-0"].contains(name)
    }

    mutating func check<Value: Configurable>(_ value: Value) {
        for field in Value.definition.fields { field.check(value, &self) }
    }

    /// Somebody who can be paged.
    mutating func person(_ id: UserID, _ field: String) {
        expect(after.users[id] != nil, field, "There is no user “\(id)”.")
        expect(after.users[id]?.isService != true, field, "“\(id)” is a service account, which is never paged.")
    }

    mutating func hours(_ hours: WeeklyHours, _ field: String, weekdays: String) {
        expect(!hours.weekdays.isEmpty, weekdays, "Name days of the week from 1 (Monday) to 7 (Sunday).")
        self.hours(from: hours.from, to: hours.to, field)
    }

    /// The end may be midnight at the day's end.
    mutating func hours(from: TimeOfDay, to: TimeOfDay, _ field: String) {
        expect(
            (0..<1440).contains(from.minute) && (0...1440).contains(to.minute) && from != to, field,
            "Begin and end at different times of day, from 00:00 to 24:00.")
    }
}

extension Configuration {
    /// Returns the faults in the changes, by field. Empty when the changes are valid.
    package func faults(of changes: [ConfigurationChange]) -> [FieldFault] {
        var check = ConfigurationCheck(before: self, after: applying(changes))
        for change in changes {
            switch change {
            case .save(let value): check.check(value)
            case .saveRules(let user, let rules): check.check(rules, of: user)
            // `definition.deletion` decides whether a deletion is allowed.
            case .setPassword(let user, let hash):
                if hash != nil, check.after.users[user]?.isService == true {
                    check.fault("password", "A service account doesn't sign in. Give it an API token.")
                }
            case .revokeAll, .delete: break
            }
        }
        return check.faults
    }
}
