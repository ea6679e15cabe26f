extension ConfigurationCheck {
    mutating func check(_ rules: [NotificationRule], of user: UserID) {
        expect(after.users[user] != nil, "user_id", "There is no user “\(user)”.")
        for urgency in Urgency.allCases {
            expect(
                rules.count { $0.urgency == urgency } <= ConfigurationLimits.rules, "rules",
                "There may be \(ConfigurationLimits.rules) rules for each urgency.")
        }
        var seen: Set<String> = []
        for (index, rule) in rules.enumerated() {
            let field = "rules[\(index)]"
            expect(
                rule.delay >= .zero && rule.delay <= ConfigurationLimits.longestRuleDelay, "\(field).delay_seconds",
                "Wait 0 seconds to 24 hours.")
            let method = after.contactMethods[rule.contactMethodID]
            expect(method != nil, "\(field).contact_method_id", "There is no contact method “\(rule.contactMethodID)”.")
            expect(
                method == nil || method?.userID == user, "\(field).contact_method_id",
                "The contact method belongs to somebody else.")
            expect(
                seen.insert("\(rule.urgency) \(rule.delay) \(rule.contactMethodID)").inserted, field,
                "This rule is listed twice.")
        }
    }
}

/// Compares names as the database's unique indexes do.
func isSameName(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }
