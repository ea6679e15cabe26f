extension Configuration {
    /// One wish of a person that applies: over this contact method, after this delay, because of this rule.
    package struct Wish: Sendable, Hashable {
        package var contactMethod: ContactMethod
        package var delay: Duration
        /// The notification rule's id, or `fallback` with the contact method's.
        package var rule: String
    }

    /// How a person wants to be told of something of this urgency; empty when no usable contact method is left.
    ///
    /// Whoever has rules gets what the rules say, whoever has none the usual ones. Nobody is lost for want of rules: with
    /// none for high urgency, or none that can be used, every usable contact method is tried at once.
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

    /// Why a person has no wishes for an urgency.
    package func reasonForSilence(of user: UserID, urgency: Urgency) -> String {
        let methods = contactMethods(of: user)
        if methods.isEmpty { return "\(name(of: user)) has no contact method" }
        if !methods.contains(where: \.isEnabled) { return "all contact methods of \(name(of: user)) are disabled" }
        if !methods.contains(where: \.isUsable) { return "no contact method of \(name(of: user)) is verified" }
        return "\(name(of: user)) has no notification rule for \(urgency.rawValue) urgency"
    }

    /// The pages of one turn of a person, in the order in which they leave.
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

    /// When a page that is due may leave: low urgency waits for the end of the person's quiet hours.
    package func leaving(_ due: Timestamp, user: UserID, urgency: Urgency) -> Timestamp {
        guard urgency == .low, let person = users[user], let quiet = person.quietHours else { return due }
        return quiet.end(covering: due, timeZone: person.timeZone) ?? due
    }

    /// Why a page of an incident that was queued must not leave any more; nil when it may.
    package func reasonToDrop(_ page: Page) -> String? {
        guard case .incident = page.purpose else { return nil }
        guard let method = contactMethods[page.contactMethodID] else { return "the contact method was deleted" }
        guard isPresent(page.userID) else { return "\(name(of: page.userID)) was disabled" }
        guard method.isEnabled else { return "the contact method was disabled" }
        guard method.address == page.address else { return "the contact method has another address now" }
        return method.verifiedAt == nil ? "the contact method is not verified" : nil
    }
}
