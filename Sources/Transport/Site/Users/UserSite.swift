internal import Actors
internal import Domain
internal import Hummingbird
internal import Pages
internal import Store

/// /users: everybody who signs in or is paged.
struct UserSite: Sendable {
    private static let pageLength = 100

    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/users", .needs(.read), list)
        routes.page(.get, "/users/new", .needs(.administer)) { visit in
            let input = FormInput(["role": "responder", "time_zone": visit.user.timeZone, "locale": visit.user.locale])
            return visit.show(UserFormPage(id: nil, teams: visit.ownTeams, input))
        }
        routes.page(.post, "/users", .needs(.administer), create)
        routes.page(.get, "/users/{id}", .needs(.read)) { visit in
            visit.show(UserPage(try await visit.model(of: visit.person(), FormInput())))
        }
        routes.page(.get, "/users/{id}/edit", .needs(.administer), edit)
        routes.page(.post, "/users/{id}", .needs(.administer), save)
        routes.page(.post, "/users/{id}/enabled", .needs(.administer), toggle)
        routes.page(.post, "/users/{id}/delete", .needs(.administer), delete)
        routes.page(.post, "/users/{id}/password", .needs(.administer), setPassword)
        routes.page(.post, "/users/{id}/password/delete", .needs(.administer), takePassword)
        addContacts(to: routes)
    }

    private func list(_ visit: Visit) async throws -> Response {
        let roster = visit.roster
        let names = ["q", "team", "role"]
        let chosen = names.map { (name: $0, value: visit.query($0)) }
        let text = visit.query("q").lowercased().trimmingBlanks()
        let team = roster.teams[TeamID(visit.query("team"))]
        let role = Role(rawValue: visit.query("role"))
        let found = roster.users.values.filter { user in
            (text.isEmpty || user.name.lowercased().contains(text) || user.email.lowercased().contains(text))
                && (team.map { $0.memberIDs.contains(user.id) } ?? true) && (role.map { $0 == user.role } ?? true)
        }.sorted { ($0.name.lowercased(), $0.id) < ($1.name.lowercased(), $1.id) }
        let start = max(0, Int(visit.query("start")) ?? 0)
        let here = Path("/users").with(chosen)
        let end = start + UserSite.pageLength
        let signsIn = try await services.store.usersWithPassword()
        let onCall = Set(roster.schedules.values.flatMap { $0.onCall(at: visit.now, isPresent: roster.isPresent) })
        let rows = found.dropFirst(start).prefix(UserSite.pageLength).map { user in
            UserListPage.Row(
                name: user.name, email: user.email, path: "/users/\(user.id)", role: user.role,
                teams: visit.teams(of: user.id).map(\.name), isEnabled: user.isEnabled,
                signsIn: signsIn.contains(user.id), isReachable: !roster.wishes(of: user.id, urgency: .high).isEmpty,
                isOnCall: onCall.contains(user.id))
        }
        return visit.show(
            UserListPage(
                .init(
                    rows: rows,
                    filter: FormInput(Dictionary(chosen.map { ($0.name, [$0.value]) }, uniquingKeysWith: +)),
                    teams: choices(roster.teams.values.map { ($0.id.rawValue, $0.name) }),
                    mayCreate: visit.may(.administer), first: start > 0 ? here : nil,
                    next: end < found.count ? here.with([("start", "\(end)")]) : nil)))
    }

    private func create(_ visit: Visit) async throws -> Response {
        let form = visit.form
        let id: UserID = services.configurator.identifiers.next()
        let password = Secret(form["password"])
        var faults: [FieldFault] = []
        if !form["password"].isEmpty, let fault = PasswordHasher.fault(of: password) {
            faults.append(FieldFault("password", fault))
        }
        let user = visit.user(User(id: id, name: "", email: ""), typed: form, &faults)
        do {
            try await visit.change { roster in
                faults += roster.faults(of: [.saveUser(user)]).filter { fault in
                    !faults.contains { $0.field == fault.field }
                }
                guard faults.isEmpty else { throw ConfigurationFault.invalid(faults) }
                let teams = form.all("team").compactMap { roster.teams[TeamID($0)] }
                return [.saveUser(user)]
                    + teams.map { team in
                        var team = team
                        team.memberIDs.append(id)
                        return .saveTeam(team)
                    }
            }
        } catch ConfigurationFault.invalid(let faults) {
            return visit.refuse(UserFormPage(id: nil, teams: visit.ownTeams, form.with(faults)))
        }
        if !form["password"].isEmpty { try await services.accounts.admit(id, with: password, by: visit.author) }
        return visit.go(
            to: "/users/\(id)", saying: "\(user.name) is there. Add a contact method, so that pages arrive.")
    }

    private func edit(_ visit: Visit) throws -> Response {
        let user = try visit.person()
        let input = FormInput([
            "name": user.name, "email": user.email, "role": user.role.rawValue, "time_zone": user.timeZone,
            "locale": user.locale,
        ])
        return visit.show(UserFormPage(id: user.id, teams: [], input))
    }

    private func save(_ visit: Visit) async throws -> Response {
        let id = try visit.person().id
        do {
            try await visit.change { roster in
                guard let old = roster.users[id] else { throw Problem.notFound("such user") }
                var faults: [FieldFault] = []
                let user = visit.user(old, typed: visit.form, &faults)
                guard faults.isEmpty else { throw ConfigurationFault.invalid(faults) }
                return [.saveUser(user)]
            }
        } catch ConfigurationFault.invalid(let faults) {
            return visit.refuse(UserFormPage(id: id, teams: [], visit.form.with(faults)))
        }
        return visit.go(to: "/users/\(id)", saying: "Saved.")
    }

    private func toggle(_ visit: Visit) async throws -> Response {
        let person = try visit.person()
        do {
            try await visit.change { roster in
                guard var user = roster.users[person.id] else { throw Problem.notFound("such user") }
                user.isEnabled = !person.isEnabled
                return [.saveUser(user)]
            }
        } catch ConfigurationFault.invalid(let faults) {
            let words = faults.map(\.explanation).joined(separator: " ")
            return visit.go(to: "/users/\(person.id)", saying: words, isBad: true)
        }
        return visit.go(
            to: "/users/\(person.id)", saying: "\(person.name) is \(person.isEnabled ? "disabled" : "enabled").")
    }

    private func delete(_ visit: Visit) async throws -> Response {
        let person = try visit.person()
        guard person.id != visit.user.id else {
            return visit.go(to: "/users/\(person.id)", saying: "Somebody else has to delete you.", isBad: true)
        }
        return try await visit.delete(
            from: "/users/\(person.id)", to: "/users", saying: "\(person.name) is deleted."
        ) { try $0.deletion(of: person.id) }
    }

    private func setPassword(_ visit: Visit) async throws -> Response {
        let person = try visit.person()
        let password = Secret(visit.form["password"])
        if let fault = PasswordHasher.fault(of: password) {
            let input = FormInput(faults: [FieldFault("password", fault)])
            return visit.refuse(UserPage(try await visit.model(of: person, input)))
        }
        try await services.accounts.admit(person.id, with: password, by: visit.author)
        // Whoever replaces the own password is signed out with all others.
        return visit.go(to: "/users/\(person.id)", saying: "\(person.name) signs in with the new password from now on.")
    }

    private func takePassword(_ visit: Visit) async throws -> Response {
        let person = try visit.person()
        guard person.id != visit.user.id else {
            return visit.go(to: "/users/\(person.id)", saying: "You can't lock yourself out.", isBad: true)
        }
        try await services.accounts.dismiss(person.id, by: visit.author)
        return visit.go(to: "/users/\(person.id)", saying: "\(person.name) does not sign in any more.")
    }
}

extension Visit {
    /// The user whose id stands in the path.
    func person() throws(Problem) -> User {
        guard let user = roster.users[UserID(parameter("id"))] else { throw Problem.notFound("such user") }
        return user
    }

    /// A user as the form says.
    fileprivate func user(_ old: User, typed form: FormInput, _ faults: inout [FieldFault]) -> User {
        var user = old
        user.name = form["name"].trimmingBlanks()
        user.email = form["email"].trimmingBlanks()
        user.timeZone = form["time_zone"].trimmingBlanks()
        user.locale = form["locale"].trimmingBlanks()
        if let role = Role(rawValue: form["role"]) {
            user.role = role
        } else {
            faults.append(FieldFault("role", "Choose a role."))
        }
        return user
    }

    func teams(of user: UserID) -> [UserPage.Link] {
        roster.teams.values.filter { $0.memberIDs.contains(user) }.sorted { ($0.name, $0.id) < ($1.name, $1.id) }
            .map { ($0.name, "/teams/\($0.id)") }
    }
}
