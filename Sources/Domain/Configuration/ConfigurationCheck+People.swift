extension ConfigurationCheck {
    mutating func check(_ team: Team) {
        name(team.name)
        unique(after.teams.values.contains { $0.id != team.id && isSameName($0.name, team.name) }, team.name)
        expect(
            team.memberIDs.count <= ConfigurationLimits.members, "member_ids",
            "A team has at most \(ConfigurationLimits.members) members.")
        expect(Set(team.memberIDs).count == team.memberIDs.count, "member_ids", "Somebody is named twice.")
        for (index, member) in team.memberIDs.enumerated() where after.users[member] == nil {
            fault("member_ids[\(index)]", "There is no user “\(member)”.")
        }
        if let id = team.defaultPolicyID {
            let policy = after.policies[id]
            expect(policy != nil, "default_policy_id", "There is no escalation policy “\(id)”.")
            expect(
                policy == nil || policy?.teamID == team.id, "default_policy_id",
                "The escalation policy belongs to another team.")
        }
    }

    mutating func check(_ user: User) {
        name(user.name)
        if let fault = ChannelDefinition.email.address.fault(in: user.email) {
            self.fault("email", fault)
        }
        unique(
            after.users.values.contains { $0.id != user.id && isSameName($0.email, user.email) }, user.email, "email")
        timeZone(user.timeZone)
        let isTag = user.locale.split(separator: "-", omittingEmptySubsequences: false).allSatisfy {
            (1...8).contains($0.count) && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
        expect(isTag && user.locale.count <= 35, "locale", "Write a language tag like en or hr-HR.")
        if let quiet = user.quietHours { hours(from: quiet.fromMinute, to: quiet.toMinute, "quiet_hours") }
        let wasLast = before.administrators == [user.id]
        expect(
            !wasLast || (user.role == .admin && user.isEnabled), user.role == .admin ? "is_enabled" : "role",
            "This is the last administrator. Make somebody else one first.")
    }

    mutating func check(_ method: ContactMethod) {
        expect(after.users[method.userID] != nil, "user_id", "There is no user “\(method.userID)”.")
        if let fault = method.channel.definition.address.fault(in: method.address) { self.fault("address", fault) }
        expect(
            method.label.count <= ConfigurationLimits.name, "label",
            "Write at most \(ConfigurationLimits.name) characters.")
        let others = after.contactMethods(of: method.userID).filter { $0.id != method.id }
        expect(
            !others.contains { $0.channel == method.channel && isSameName($0.address, method.address) }, "address",
            "This person has this \(method.channel.name) address already.")
        expect(
            others.count < ConfigurationLimits.contactMethods, "user_id",
            "A person has at most \(ConfigurationLimits.contactMethods) contact methods.")
    }

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
                "The same rule stands above already.")
        }
    }

    mutating func check(_ source: AlertSource) {
        name(source.name)
        unique(
            after.sources.values.contains {
                $0.id != source.id && $0.teamID == source.teamID && isSameName($0.name, source.name)
            }, source.name)
        team(source.teamID)
        if let id = source.policyID {
            let policy = after.policies[id]
            expect(policy != nil, "policy_id", "There is no escalation policy “\(id)”.")
            expect(
                policy == nil || policy?.teamID == source.teamID, "policy_id",
                "The escalation policy belongs to another team.")
        }
        expect(
            source.reopenWindow >= .zero && source.reopenWindow <= .days(30), "reopen_window_seconds",
            "Reopen within 0 seconds to 30 days.")
        if let silence = source.autoResolveAfter {
            expect(
                silence >= .minutes(1) && silence <= .days(365), "auto_resolve_seconds",
                "Resolve after 1 minute to 365 days of silence, or leave it out.")
        }
    }
}

/// As the database's unique indices see it.
func isSameName(_ left: String, _ right: String) -> Bool { left.lowercased() == right.lowercased() }
