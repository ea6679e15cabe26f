internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /users: everyone who signs in or is paged.
struct UserController: Sendable {
    private static let pageLength = 30

    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/users", .needs(.read), list)
        routes.page(.get, "/users/new", .needs(.administer)) { request in
            let input = FormInput([
                "role": "responder", "time_zone": request.user.timeZone, "locale": request.user.locale,
                "invite": services.canInvite ? "yes" : "",
            ])
            return request.show(try await request.userForm(nil, input))
        }
        routes.page(.post, "/users", .needs(.administer), create)
        routes.page(.get, "/users/{id}", .needs(.read)) { request in
            request.show(UserView(try await request.model(of: request.person(), FormInput())))
        }
        routes.page(.get, "/users/{id}/edit", .needs(.administer), edit)
        routes.page(.post, "/users/{id}", .needs(.administer), save)
        routes.page(.post, "/users/{id}/enabled", .needs(.administer), toggle)
        routes.page(.post, "/users/{id}/delete", .needs(.administer), delete)
        routes.page(.post, "/users/{id}/password", .needs(.administer), setPassword)
        routes.page(.post, "/users/{id}/invitation", .needs(.administer), invite)
        routes.page(.post, "/users/{id}/invitation/delete", .needs(.administer), withdraw)
        routes.page(.post, "/users/{id}/password/delete", .needs(.administer), takePassword)
        routes.page(.post, "/users/{id}/factor/delete", .needs(.administer), removeFactor)
        routes.page(.post, "/users/{id}/revoke", .needs(.administer), revokeAll)
        routes.page(.post, "/users/{id}/tokens/{token}/delete", .needs(.administer), revokeToken)
        addContacts(to: routes)
    }

    private func list(_ request: WebRequest) async throws -> Response {
        let configuration = request.configuration
        let names = ["q", "team", "role"]
        let chosen = names.map { (name: $0, value: request.query($0)) }
        let text = request.query("q").lowercased().trimmingBlanks()
        let team = configuration.teams[TeamID(request.query("team"))]
        let role = Role(rawValue: request.query("role"))
        let found = configuration.users.values.filter { user in
            (text.isEmpty || user.name.lowercased().contains(text) || user.email.lowercased().contains(text))
                && (team.map { $0.memberIDs.contains(user.id) } ?? true) && (role.map { $0 == user.role } ?? true)
        }.sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
        let start = min(max(0, Int(request.query("start")) ?? 0), 1_000_000)
        let here = Path("/users").with(chosen)
        let end = start + UserController.pageLength
        let signsIn = try await services.store.usersWithPassword()
        let invited = try await services.store.invitations(at: request.now)
        let onCall = Set(
            configuration.schedules.values.flatMap { $0.onCall(at: request.now, isPresent: configuration.isPresent) })
        let rows = found.dropFirst(start).prefix(UserController.pageLength).map { user in
            UserListView.Row(
                name: user.name, email: user.email, path: "/users/\(user.id)", role: user.role,
                teams: request.teams(of: user.id).map(\.name), isEnabled: user.isEnabled, isService: user.isService,
                signsIn: signsIn.contains(user.id), isInvited: invited[user.id] != nil,
                isReachable: !configuration.wishes(of: user.id, urgency: .high).isEmpty,
                isOnCall: onCall.contains(user.id))
        }
        return request.show(
            UserListView(
                .init(
                    rows: rows,
                    filter: FormInput(Dictionary(chosen.map { ($0.name, [$0.value]) }, uniquingKeysWith: +)),
                    teams: choices(configuration.teams.values.map { ($0.id.rawValue, $0.name) }),
                    mayCreate: request.may(.administer), first: start > 0 ? here : nil,
                    next: end < found.count ? here.with([("start", "\(end)")]) : nil)))
    }

    private func create(_ request: WebRequest) async throws -> Response {
        let form = request.form
        if let fault = try await request.proofFault() {
            return request.refuse(try await request.userForm(nil, form.with([fault])))
        }
        let id: UserID = services.configurator.identifiers.next()
        let password = Secret(form["password"])
        var faults: [FieldFault] = []
        if !form["password"].isEmpty, let fault = PasswordHasher.fault(of: password) {
            faults.append(FieldFault("password", fault))
        }
        let (user, unreadable) = request.read(
            User(id: id, name: "", email: ""), isNew: true, request.configuration)
        faults += unreadable
        do {
            try await request.change { configuration in
                faults += configuration.faults(of: [.save(user)]).filter { fault in
                    !faults.contains { $0.field == fault.field }
                }
                guard faults.isEmpty else { throw ConfigurationFault.invalid(faults) }
                let teams = form.all("team").compactMap { configuration.teams[TeamID($0)] }
                return [.save(user)]
                    + teams.map { team in
                        var team = team
                        team.memberIDs.append(id)
                        return .save(team)
                    }
            }
        } catch ConfigurationFault.invalid(let faults) {
            return request.refuse(try await request.userForm(nil, form.with(faults)))
        }
        if form["invite"] == "yes", form["password"].isEmpty {
            return try await send(invitationTo: user, request, to: "/users/\(id)")
        }
        if !form["password"].isEmpty { try await services.accounts.admit(id, with: password, by: request.author) }
        return request.go(
            to: "/users/\(id)", saying: "\(user.name) is there. Add a contact method, so that pages arrive.")
    }

    private func edit(_ request: WebRequest) async throws -> Response {
        let user = try request.person()
        return request.show(try await request.userForm(user.id, FormInput(stored: user)))
    }

    private func save(_ request: WebRequest) async throws -> Response {
        let known = try request.person()
        if let fault = try await request.proofFault() {
            return request.refuse(try await request.userForm(known.id, request.form.with([fault])))
        }
        let (saved, faults) = try await request.save(typed: known, isNew: false)
        guard faults.isEmpty else {
            return request.refuse(try await request.userForm(known.id, request.form.with(faults)))
        }
        try await services.accounts.tellOldAddress(of: known, now: saved.email)
        return request.go(to: "/users/\(known.id)", saying: "Saved.")
    }

    private func toggle(_ request: WebRequest) async throws -> Response {
        let person = try request.person()
        if !person.isEnabled, let fault = try await request.proofFault() {
            return try await refuse(fault, of: "enabled", person, request)
        }
        do {
            try await request.change { configuration in
                guard var user = configuration.users[person.id] else { throw APIProblem.notFound("such user") }
                user.isEnabled = !person.isEnabled
                return [.save(user)]
            }
        } catch ConfigurationFault.invalid(let faults) {
            let words = faults.map(\.explanation).joined(separator: " ")
            return request.go(to: "/users/\(person.id)", saying: words, isBad: true)
        }
        return request.go(
            to: "/users/\(person.id)", saying: "\(person.name) is \(person.isEnabled ? "disabled" : "enabled").")
    }

    private func delete(_ request: WebRequest) async throws -> Response {
        let person = try request.person()
        guard person.id != request.user.id else {
            return request.go(
                to: "/users/\(person.id)", saying: "Somebody else has to delete your account.", isBad: true)
        }
        return try await request.delete(
            from: "/users/\(person.id)", to: "/users", saying: "\(person.name) is deleted."
        ) { try $0.deletion(of: person.id) }
    }

    private func setPassword(_ request: WebRequest) async throws -> Response {
        let person = try request.person()
        let password = Secret(request.form["password"])
        var fault = PasswordHasher.fault(of: password).map { FieldFault("password", $0) }
        if fault == nil { fault = try await request.proofFault() }
        if let fault { return try await refuse(fault, of: "password", person, request) }
        try await services.accounts.admit(person.id, with: password, by: request.author)
        // Replacing one's own password ends all sessions, including this one.
        return request.go(
            to: "/users/\(person.id)", saying: "\(person.name) signs in with the new password from now on.")
    }

    /// Shows the user's page again.
    ///
    /// - Parameter form: the one of the page's forms to which the fault belongs.
    private func refuse(
        _ fault: FieldFault, of form: String, _ person: User, _ request: WebRequest
    ) async throws -> Response {
        let input = FormInput(["form": form]).with([fault])
        return request.refuse(UserView(try await request.model(of: person, input)))
    }

    private func invite(_ request: WebRequest) async throws -> Response {
        let person = try request.person()
        return try await send(invitationTo: person, request, to: "/users/\(person.id)")
    }

    private func send(invitationTo person: User, _ request: WebRequest, to path: Path) async throws -> Response {
        guard services.canInvite else {
            return request.go(to: path, saying: "This PagerPal can't send invitations.", isBad: true)
        }
        let base = services.settings.baseURL
        let fault = try await services.accounts.invite(person, by: request.author) { "\(base)/password/reset/\($0)" }
        let words = "An invitation is on its way to \(person.email). It works for 7 days."
        return request.go(to: path, saying: fault?.words ?? words, isBad: fault != nil)
    }

    private func withdraw(_ request: WebRequest) async throws -> Response {
        let person = try request.person()
        let found = try await services.accounts.withdrawInvitation(of: person, by: request.author)
        return request.go(
            to: "/users/\(person.id)",
            saying: found ? "The invitation is withdrawn." : "There is no invitation any more.", isBad: !found)
    }

    private func revokeAll(_ request: WebRequest) async throws -> Response {
        let person = try request.person()
        try await services.accounts.revokeAll(of: person.id, by: request.author)
        return request.go(
            to: "/users/\(person.id)", saying: "Sessions, tokens and links of \(person.name) are revoked.")
    }

    private func removeFactor(_ request: WebRequest) async throws -> Response {
        let person = try request.person()
        if let fault = try await request.proofFault() {
            return try await refuse(fault, of: "factor", person, request)
        }
        let found = try await services.accounts.removeFactors(of: person, by: request.author)
        return request.go(
            to: "/users/\(person.id)",
            saying: found ? "\(person.name) signs in without a second factor." : "\(person.name) has no second factor.",
            isBad: !found)
    }

    private func revokeToken(_ request: WebRequest) async throws -> Response {
        let person = try request.person()
        let id = APITokenID(request.parameter("token"))
        let found = try await services.revokeToken(id, of: person.id, by: request.author)
        return request.go(
            to: "/users/\(person.id)", saying: found ? "The token is revoked." : "There is no such token any more.",
            isBad: !found)
    }

    private func takePassword(_ request: WebRequest) async throws -> Response {
        let person = try request.person()
        guard person.id != request.user.id else {
            return request.go(to: "/users/\(person.id)", saying: "You can't lock yourself out.", isBad: true)
        }
        try await services.accounts.dismiss(person.id, by: request.author)
        return request.go(to: "/users/\(person.id)", saying: "\(person.name) does not sign in any more.")
    }
}

extension WebRequest {
    /// The user with the id in the path.
    func person() throws(APIProblem) -> User { try find() }

    fileprivate func userForm(_ id: UserID?, _ input: FormInput) async throws -> UserFormView {
        UserFormView(
            id: id, fields: fields(of: User.self), teams: id == nil ? ownTeams : [], canInvite: services.canInvite,
            proof: try await proof(at: id.map { "/users/\($0)/edit" } ?? "/users/new"), input: input)
    }

    func teams(of user: UserID) -> [UserView.Link] {
        configuration.teams.values.filter { $0.memberIDs.contains(user) }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
            .map { ($0.name, "/teams/\($0.id)") }
    }
}
