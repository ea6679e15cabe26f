internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

extension WebRequest {
    /// The model of a user's web page.
    ///
    /// - Parameter input: the form that was submitted, if any.
    func model(of person: User, _ input: FormInput) async throws -> UserView.Model {
        let maySee = may(.edit(person.id))
        let schedules = configuration.schedules.values.filter { $0.mentions(person.id) }
            .sorted { ($0.name, $0.id) < ($1.name, $1.id) }
        let contacts = configuration.contactMethods(of: person.id).map {
            UserView.Contact(
                id: $0.id, channel: $0.channel, name: $0.channel.name, address: $0.address, label: $0.label,
                isEnabled: $0.isEnabled, isVerified: $0.verifiedAt != nil)
        }
        let audit = Path("/audit").with([("kind", "user"), ("id", person.id.rawValue)])
        let invited = try await services.store.invitations(at: now)[person.id]
        return UserView.Model(
            id: person.id, name: person.name, email: person.email, role: person.role, timeZone: person.timeZone,
            isEnabled: person.isEnabled, isService: person.isService,
            signsIn: try await services.store.usersWithPassword().contains(person.id),
            invitedUntil: invited.map { reader.moment($0) }, canInvite: services.canInvite,
            isSelf: person.id == user.id,
            teams: teams(of: person.id),
            schedules: schedules.map { schedule in
                let isOnCall = schedule.onCall(at: now, isPresent: configuration.isPresent).contains(person.id)
                return (schedule.name, "/schedules/\(schedule.id)", isOnCall)
            },
            contacts: maySee ? contacts : nil, rules: maySee ? rules(of: person) : [],
            mayAdminister: may(.administer),
            hasFactor: try await may(.administer) ? services.accounts.hasFactor(person.id) : false,
            tokens: try await may(.administer)
                ? services.store.tokens(of: person.id).map { TokenLine($0, reader, configuration) } : [],
            tokenTeams: allTeams, freshToken: person.isService ? freshSecret : nil,
            proof: try await proof(at: "/users/\(person.id)"),
            audit: frame.sections.contains(.audit) ? audit : nil, input: input,
            channels: channelChoices())
    }

    /// `High urgency: at once e-mail ada@example.com, after 5 min SMS +385…`.
    private func rules(of person: User) -> [String] {
        Urgency.allCases.reversed().map { urgency in
            let wishes = configuration.wishes(of: person.id, urgency: urgency)
            let word = urgency == .high ? "High" : "Low"
            guard !wishes.isEmpty else {
                return
                    "\(word) urgency: nothing, since \(configuration.reasonForSilence(of: person.id, urgency: urgency))."
            }
            let words = wishes.map { wish in
                let when = wish.delay == .zero ? "at once" : "after \(wish.delay.words)"
                return
                    "\(when) \(wish.contactMethod.channel.name) \(wish.contactMethod.channel.shown(wish.contactMethod.address))"
            }
            return "\(word) urgency: \(words.joined(separator: ", "))."
        }
    }
}
