internal import Actors
internal import Domain
internal import Hummingbird
internal import Store
internal import Transport

/// /users/services: service accounts, and the tokens that administrators make for them.
struct ServiceController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/users/services/new", .needs(.administer)) { request in
            request.show(ServiceFormView(teams: request.ownTeams, FormInput(["role": "responder"])))
        }
        routes.page(.post, "/users/services", .needs(.administer), create)
        routes.page(.post, "/users/{id}/tokens", .needs(.administer), createToken)
    }

    private func create(_ request: WebRequest) async throws -> Response {
        let form = request.form
        let id: UserID = services.configurator.identifiers.next()
        var user = User(
            id: id, name: form["name"].trimmingBlanks(), email: "\(id)@service.invalid",
            role: Role(rawValue: form["role"]) ?? .viewer, isService: true)
        user.timeZone = request.user.timeZone
        let made = user
        let faults = await request.save { configuration in
            let teams = form.all("team").compactMap { configuration.teams[TeamID($0)] }
            return [.save(made)]
                + teams.map { team in
                    var team = team
                    team.memberIDs.append(id)
                    return .save(team)
                }
        }
        guard faults.isEmpty else {
            return request.refuse(ServiceFormView(teams: request.ownTeams, form.with(faults)))
        }
        return request.go(to: "/users/\(id)", saying: "\(made.name) is there. Make a token for it.")
    }

    private func createToken(_ request: WebRequest) async throws -> Response {
        let person = try request.person()
        guard person.isService else {
            throw APIProblem(.forbidden, "Not allowed", "People make their own tokens, in their profile.")
        }
        let (wish, found) = request.tokenWish()
        var faults = found
        if faults.isEmpty, let fault = try await request.proofFault() { faults = [fault] }
        guard faults.isEmpty else {
            return request.refuse(UserView(try await request.model(of: person, request.form.with(faults))))
        }
        let made = try await services.createToken(
            wish, of: person, by: request.author, from: request.origin.address)
        return request.go(to: "/users/\(person.id)", showing: made.text)
    }
}

extension WebRequest {
    /// What the form of a new token asks for, and the faults by the form's field names.
    func tokenWish() -> (TokenWish, [FieldFault]) {
        var wish = TokenWish()
        wish.name = form["token_name"].trimmingBlanks()
        wish.scope = APIToken.Scope(rawValue: form["scope"]) ?? .read
        wish.days = form["days"].isEmpty ? nil : Int(form["days"]) ?? 0
        let teams = form.all("token_team")
        wish.teams = teams.isEmpty ? nil : Set(teams.map { TeamID($0) })
        let names = ["name": "token_name", "teams": "token_team"]
        return (wish, wish.faults(configuration).map { FieldFault(names[$0.field] ?? $0.field, $0.explanation) })
    }

    /// All teams, to which a token can be bound.
    var allTeams: [Field.Choice] { choices(configuration.teams.values.map { ($0.id.rawValue, $0.name) }) }
}
