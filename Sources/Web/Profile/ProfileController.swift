internal import Actors
internal import Domain
internal import Hummingbird
internal import Providers
internal import Store
internal import Transport

/// /profile: how and when the user is paged.
struct ProfileController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/profile", .needs(.read)) { $0.show(try await $0.profile()) }
        routes.page(.post, "/profile/drill", .needs(.read), startDrill)
        routes.page(.post, "/profile", .needs(.read), saveDetails)
        routes.page(.post, "/profile/contact-methods", .needs(.read), addMethod)
        routes.page(.post, "/profile/contact-methods/{id}/code", .needs(.read), sendCode)
        routes.page(.post, "/profile/contact-methods/{id}/verify", .needs(.read), verify)
        routes.page(.post, "/profile/contact-methods/{id}/test", .needs(.read), test)
        routes.page(.post, "/profile/contact-methods/{id}/state", .needs(.read), setState)
        routes.page(.post, "/profile/contact-methods/{id}/delete", .needs(.read), delete)
        routes.page(.post, "/profile/rules", .needs(.read), saveRules)
    }

    private func saveDetails(_ request: WebRequest) async throws -> Response {
        let form = request.form
        var user = request.user
        user.name = form["name"].trimmingBlanks()
        user.timeZone = form["time_zone"]
        user.clock = ClockForm(rawValue: form["clock"]) ?? user.clock
        user.tellsHandOff = form["tells_hand_off"] == "yes"
        user.tellsShiftAhead = form["tells_shift_ahead"] == "yes"
        user.drillsWeekly = form["drills_weekly"] == "yes"
        user.standDown = StandDown(rawValue: form["stand_down"]) ?? user.standDown
        var faults: [FieldFault] = []
        let budget = form["hourly_budget"].trimmingBlanks()
        user.hourlyBudget = budget.isEmpty ? nil : Int(budget)
        if !budget.isEmpty && user.hourlyBudget == nil {
            faults.append(FieldFault("hourly_budget", "Write a whole number, or nothing."))
        }
        if form["quiet_from"].isEmpty && form["quiet_to"].isEmpty {
            user.quietHours = nil
        } else if let from = minuteOfDay(typed: form["quiet_from"]), let to = minuteOfDay(typed: form["quiet_to"]) {
            user.quietHours = QuietHours(from: from, to: to)
        } else {
            faults.append(FieldFault("quiet_from", "Write both times, or neither."))
        }
        if faults.isEmpty {
            faults = await request.save(["quiet_hours": "quiet_from"]) { [user] _ in [.save(user)] }
        }
        guard faults.isEmpty else { return request.refuse(try await request.profile(details: form.with(faults))) }
        return request.go(to: "/profile", saying: "Saved.")
    }

    private func startDrill(_ request: WebRequest) async throws -> Response {
        let fault = await services.drills.start(for: request.user)
        let words = "The drill has begun. Acknowledge it within \(Drill.patience.words), by any of your ways."
        return request.go(to: "/profile", saying: fault ?? words, isBad: fault != nil)
    }

    private func addMethod(_ request: WebRequest) async throws -> Response {
        if let fault = try await request.proofFault() {
            // The address of push messages is no text for people to see.
            let typed = request.form["channel"] == Channel.webpush.rawValue ? FormInput.newMethod : request.form
            return request.refuse(try await request.profile(newMethod: typed.with([fault])))
        }
        let (method, faults) = await request.addMethod(for: request.user.id)
        guard let method, faults.isEmpty else {
            return request.refuse(try await request.profile(newMethod: request.form.with(faults)))
        }
        return try await request.sendCode(to: method, from: "/profile")
    }

    private func sendCode(_ request: WebRequest) async throws -> Response {
        try await request.sendCode(to: try request.method(), from: "/profile")
    }

    private func verify(_ request: WebRequest) async throws -> Response {
        let method = try request.method()
        if let fault = try await request.confirm(method) {
            return request.refuse(try await request.profile(code: (method.id, request.form.with([fault]))))
        }
        return request.go(
            to: "/profile", saying: "\(method.channel.shown(method.address)) is verified: you can be paged there.")
    }

    private func test(_ request: WebRequest) async throws -> Response {
        let method = try request.method()
        return try await request.test(
            method, from: "/profile",
            saying: "A test page to \(method.channel.shown(method.address)) is on its way.")
    }

    private func setState(_ request: WebRequest) async throws -> Response {
        let id = try request.method().id
        let isEnabled = request.form["enabled"] == "yes"
        let faults = await request.save { configuration throws(ConfigurationFault) in
            guard var method = configuration.contactMethods[id] else { throw .missing("such contact method") }
            method.isEnabled = isEnabled
            return [.save(method)]
        }
        return request.go(to: "/profile", saying: faults.first?.explanation, isBad: !faults.isEmpty)
    }

    private func delete(_ request: WebRequest) async throws -> Response {
        let method = try request.method()
        let faults = await request.save { _ in [.delete(.contactMethod(method.id))] }
        return request.go(
            to: "/profile", saying: faults.first?.explanation ?? "\(method.address) is deleted.", isBad: !faults.isEmpty
        )
    }

    private func saveRules(_ request: WebRequest) async throws -> Response {
        let user = request.user.id
        var rules: [NotificationRule] = []
        var faults: [FieldFault] = []
        for urgency in Urgency.allCases {
            let delays = request.form.all("\(urgency.rawValue)_delay")
            for (index, method) in request.form.all("\(urgency.rawValue)_method").enumerated() where !method.isEmpty {
                let text = index < delays.count ? delays[index].trimmingBlanks() : ""
                guard let minutes = Int(text.isEmpty ? "0" : text), (0...1_440).contains(minutes) else {
                    faults.append(FieldFault("rules", "Write delays in minutes, 0 to 1440."))
                    continue
                }
                rules.append(
                    NotificationRule(
                        id: services.configurator.identifiers.next(), userID: user, urgency: urgency,
                        delay: .minutes(minutes), contactMethodID: ContactMethodID(method)))
            }
        }
        if faults.isEmpty { faults = await request.save { [rules] _ in [.saveRules(user, rules)] } }
        guard faults.isEmpty else { return request.refuse(try await request.profile(ruleFaults: faults)) }
        return request.go(to: "/profile", saying: "The rules are saved.")
    }
}

extension WebRequest {
    /// The user's own contact method with the id in the path.
    func method() throws(APIProblem) -> ContactMethod {
        guard let method = configuration.contactMethods[ContactMethodID(parameter("id"))], method.userID == user.id
        else {
            throw APIProblem.notFound("such contact method")
        }
        return method
    }

    /// The channels that a provider serves.
    func channelChoices() -> [Field.Choice] {
        let served = services.channels
        return Channel.allCases.filter { served.contains($0) }.map { Field.Choice($0.rawValue, $0.name) }
    }

    /// The rules for an urgency, followed by two empty rows.
    private func ruleGroup(_ urgency: Urgency) -> ProfileView.RuleGroup {
        let own = configuration.rules[user.id] ?? []
        let rules = (own.isEmpty ? configuration.usualRules(of: user.id) : own).filter { $0.urgency == urgency }
        var rows = rules.map { (method: $0.contactMethodID.rawValue, delay: String($0.delay.components.seconds / 60)) }
        rows += [(method: "", delay: ""), (method: "", delay: "")]
        return ProfileView.RuleGroup(urgency: urgency, rows: rows)
    }

    private func profileLines() -> (
        reach: ProfileView.Line, urgent: ProfileView.Line, low: ProfileView.Line, zone: ProfileView.Line
    ) {
        let person = configuration.users[user.id] ?? user
        let ways = configuration.contactMethods(of: person.id).filter { $0.isEnabled && $0.verifiedAt != nil }
            .map { "\($0.channel.name) \($0.address)" }
        let rules = { (urgency: Urgency) -> String in
            let wishes = configuration.wishes(of: person.id, urgency: urgency)
            guard !wishes.isEmpty else {
                return "nobody reaches you: \(configuration.reasonForSilence(of: person.id, urgency: urgency))"
            }
            return wishes.map { wish in
                let when = wish.delay == .zero ? "at once" : "after \(wish.delay.words)"
                return "\(wish.contactMethod.channel.name) \(when)"
            }.joined(separator: ", ")
        }
        let quiet = person.quietHours.map {
            ", quiet from \(reader.words($0.from)) to \(reader.words($0.to)) for pages that are not urgent"
        }
        return (
            ("Reach me", ways.isEmpty ? "nothing is verified yet" : ways.joined(separator: ", ")),
            ("Urgent", rules(.high)), ("Low", rules(.low)),
            ("Zone", "\(person.timeZone), now \(reader.time(now))\(quiet ?? "")")
        )
    }

    func profile(
        details: FormInput? = nil, newMethod: FormInput? = nil, code: (id: ContactMethodID, input: FormInput)? = nil,
        ruleFaults: [FieldFault] = []
    ) async throws -> ProfileView {
        let proven = try await services.store.drills()[user.id]?.provenAt
        let methods = configuration.contactMethods(of: user.id)
        let lines = profileLines()
        return ProfileView(
            .init(
                reach: lines.reach, urgent: lines.urgent, low: lines.low, zone: lines.zone,
                proven: proven.map { relativeWords(from: now, to: $0) } ?? "never",
                details: details ?? FormInput(stored: configuration.users[user.id] ?? user),
                methods: methods.map {
                    .init(
                        $0, code: code?.id == $0.id ? code?.input ?? FormInput() : FormInput(),
                        secret: $0.channel == .webhook ? services.webhookSignature?.secret(for: $0.address) : nil)
                },
                newMethod: newMethod ?? .newMethod, channels: channelChoices(),
                proof: try await proof(at: "/profile"),
                rules: [ruleGroup(.high), ruleGroup(.low)], ruleFaults: ruleFaults,
                isSendingEnabled: services.settings.isSendingEnabled, pushKey: services.pushKey))
    }
}

extension FormInput {
    fileprivate static let newMethod = FormInput(["channel": "email"])

    fileprivate init(stored user: User) {
        self.init([
            "name": user.name, "time_zone": user.timeZone, "clock": user.clock.rawValue,
            "quiet_from": user.quietHours.map { "\($0.from)" } ?? "",
            "quiet_to": user.quietHours.map { "\($0.to)" } ?? "",
            "drills_weekly": user.drillsWeekly ? "yes" : "", "stand_down": user.standDown.rawValue,
            "hourly_budget": user.hourlyBudget.map { "\($0)" } ?? "",
            "tells_hand_off": user.tellsHandOff ? "yes" : "", "tells_shift_ahead": user.tellsShiftAhead ? "yes" : "",
        ])
    }
}
