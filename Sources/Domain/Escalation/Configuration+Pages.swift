extension Configuration {
    /// One way in which a person wants to be paged: the contact method, the delay, and the rule that asks for it.
    package struct Wish: Sendable, Hashable {
        package var contactMethod: ContactMethod
        package var delay: Duration
        /// The notification rule's id, or `fallback` followed by the contact method's id.
        package var rule: String
    }

    /// Returns how to page a person at this urgency. Empty when the person has no usable contact method.
    ///
    /// People with rules are paged by their rules, and people without rules by the usual rules. At high urgency, a
    /// person without any applicable rule is paged over every usable contact method at once, so missing rules never
    /// lose a page.
    package func wishes(of user: UserID, urgency: Urgency) -> [Wish] {
        let own = rules[user] ?? []
        let all = own.isEmpty ? usualRules(of: user) : own
        let wanted = all.filter { $0.urgency == urgency }
        let ruled = wanted.compactMap { rule -> Wish? in
            guard let method = contactMethods[rule.contactMethodID], method.isUsable else { return nil }
            return Wish(contactMethod: method, delay: rule.delay, rule: rule.id.rawValue)
        }
        if !ruled.isEmpty { return ruled }
        if urgency == .low && !own.isEmpty && wanted.isEmpty { return [] }
        return contactMethods(of: user).filter(\.isUsable).map {
            Wish(contactMethod: $0, delay: .zero, rule: "fallback:\($0.id)")
        }
    }

    /// Returns the reason why a person has no wishes at an urgency.
    package func reasonForSilence(of user: UserID, urgency: Urgency) -> String {
        let methods = contactMethods(of: user)
        if methods.isEmpty { return "\(name(of: user)) has no contact method" }
        if !methods.contains(where: \.isEnabled) { return "all contact methods of \(name(of: user)) are disabled" }
        if !methods.contains(where: \.isUsable) { return "no contact method of \(name(of: user)) is verified" }
        return "\(name(of: user)) has no notification rule for \(urgency.rawValue) urgency"
    }

    /// Returns the pages of one person's turn, in the order in which they leave.
    package func pages(
        for user: UserID, urgency: Urgency, cycle: Int, step: Int, from now: Timestamp
    ) -> [Page.Draft] {
        wishes(of: user, urgency: urgency).map { wish in
            Page.Draft(
                userID: user, contactMethodID: wish.contactMethod.id, channel: wish.contactMethod.channel,
                address: wish.contactMethod.address, urgency: urgency, cycle: cycle, step: step, rule: wish.rule,
                dueAt: leaving(now + wish.delay, user: user, urgency: urgency))
        }
    }

    /// Returns when a due page may leave. A low-urgency page waits until the person's quiet hours end.
    package func leaving(_ due: Timestamp, user: UserID, urgency: Urgency) -> Timestamp {
        guard urgency == .low, let person = users[user], let quiet = person.quietHours else { return due }
        return quiet.end(covering: due, timeZone: person.timeZone) ?? due
    }

    /// Returns the reason why a queued page of an incident must not leave any more, or nil when it may.
    package func reasonToDrop(_ page: Page) -> String? {
        guard case .incident = page.purpose else { return nil }
        guard let method = contactMethods[page.contactMethodID] else { return "the contact method was deleted" }
        guard isPresent(page.userID) else { return "\(name(of: page.userID)) was disabled" }
        guard method.isEnabled else { return "the contact method was disabled" }
        guard method.address == page.address else { return "the contact method has another address now" }
        return method.verifiedAt == nil ? "the contact method is not verified" : nil
    }
}
