internal import Actors
internal import ArgumentParser
internal import Database
internal import Domain
internal import Formats
internal import Foundation
internal import Integrations
internal import Providers
internal import Store

struct CreateAdminCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-admin", abstract: "Creates an administrator who can sign in.")

    @Option(help: "The address to sign in with.") var email: String
    @Option(help: "The display name. Default: the part of the address before the @.") var name: String?
    @Flag(name: .customLong("password-stdin"), help: "Read the password from standard input.") var readsPassword = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws { try await Startup.withStore(run) }

    private func run(_ store: Store, _ configuration: Configuration, _ settings: Settings) async throws {
        guard let address = MailAddress(email), address.name.isEmpty else {
            throw usage("\(email) is not an e-mail address.")
        }
        let given = readsPassword ? readLine(strippingNewline: true) ?? "" : nil
        if let given, let fault = PasswordHasher.fault(of: Secret(given)) { throw usage(fault) }
        let known = configuration.users.values.first { $0.email.lowercased() == email.lowercased() }
        var user =
            known ?? User(id: store.identifiers.next(), name: name ?? String(email.prefix { $0 != "@" }), email: email)
        user.role = .admin
        user.isEnabled = true
        if let name { user.name = name }
        let password = given ?? randomKey()
        let hash = try await PasswordHasher(rounds: 1 << settings.passwordCost, keys: .system).hash(Secret(password))
        let changes: [ConfigurationChange] =
            [.save(user), .setPassword(user.id, hash: hash)] + (known == nil ? [] : [.revokeAll(user.id)])
        try await save(changes + (configuration.teams.isEmpty ? firstTeam(of: user, store) : []), configuration, store)
        if json {
            var answer = ["id": user.id.rawValue, "email": user.email]
            if given == nil { answer["password"] = password }
            return Startup.printJSON(answer)
        }
        print("\(user.name) <\(user.email)> is an administrator.")
        if configuration.teams.isEmpty {
            print("Until you set a policy for it, the team Operations pages \(user.email).")
        }
        if given == nil { print("Password (shown once): \(password)") }
    }
}

/// Creates a team, so that a new PagerPal can page someone at once: the administrator, at the given address.
private func firstTeam(of user: User, _ store: Store) -> [ConfigurationChange] {
    let mail = ContactMethod(
        id: store.identifiers.next(), userID: user.id, channel: .email, address: user.email, label: "E-mail",
        verifiedAt: TimeSource.system.now())
    return [
        .save(mail),
        .save(Team(id: store.identifiers.next(), name: "Operations", memberIDs: [user.id])),
    ]
}

struct ResetPasswordCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-password",
        abstract: "Sets a user's password and revokes all sessions, tokens and links. A contact can then sign in.")

    @Option(help: "The user's address.") var email: String
    @Flag(name: .customLong("password-stdin"), help: "Read the password from standard input.") var readsPassword = false
    @Flag(help: "Print JSON.") var json = false

    func run() async throws { try await Startup.withStore(run) }

    private func run(_ store: Store, _ configuration: Configuration, _ settings: Settings) async throws {
        guard let user = configuration.users.values.first(where: { $0.email.lowercased() == email.lowercased() }) else {
            throw usage("There is no user with the address \(email).")
        }
        let given = readsPassword ? readLine(strippingNewline: true) ?? "" : nil
        if let given, let fault = PasswordHasher.fault(of: Secret(given)) { throw usage(fault) }
        let password = given ?? randomKey()
        let hash = try await PasswordHasher(rounds: 1 << settings.passwordCost, keys: .system).hash(Secret(password))
        try await save([.setPassword(user.id, hash: hash), .revokeAll(user.id)], configuration, store)
        if json {
            return Startup.printJSON(["email": user.email].merging(given == nil ? ["password": password] : [:]) { $1 })
        }
        print("\(user.name) <\(user.email)> has a new password. All sessions, tokens and links were revoked.")
        if given == nil { print("Password (shown once): \(password)") }
    }
}

struct ResetFactorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reset-factor",
        abstract: "Removes a user's second factor with all passkeys and revokes all sessions, tokens and links.")

    @Option(help: "The user's address.") var email: String

    func run() async throws { try await Startup.withStore(run) }

    private func run(_ store: Store, _ configuration: Configuration, _ settings: Settings) async throws {
        guard let user = configuration.users.values.first(where: { $0.email.lowercased() == email.lowercased() }) else {
            throw usage("There is no user with the address \(email).")
        }
        guard try await store.deleteFactors(of: user.id) else {
            throw usage("\(user.name) has no second factor.")
        }
        try await save([.revokeAll(user.id)], configuration, store)
        try await store.note(
            "the second factor was removed", about: .user(user.id), named: user.name, by: .commandLine,
            at: TimeSource.system.now())
        print(
            "\(user.name) <\(user.email)> signs in with the password alone. All sessions, tokens and links were revoked."
        )
    }
}

struct CreateSourceCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-source", abstract: "Creates an alert source and prints its key once.")

    @Option(help: "The source's name, such as the name of the monitoring system.") var name: String
    @Option(help: "The team that gets its incidents, by name or id. Default: the first team.") var team: String?
    @Option(help: "The sender: \(Integrations.all.map { $0.kind }.joined(separator: ", ")).") var kind = "generic"
    @Option(help: "The source's options as JSON, such as a mapping or a secret.") var options = "{}"
    @Flag(help: "Print JSON.") var json = false

    func run() async throws { try await Startup.withStore(run) }

    private func run(_ store: Store, _ configuration: Configuration, _ settings: Settings) async throws {
        guard let sender = Integrations.integration(for: kind) else {
            throw usage(
                "The kind \(kind) is not known. Use: \(Integrations.all.map { $0.kind }.joined(separator: ", ")).")
        }
        let kind = type(of: sender).kind
        var options = options
        if var object = (try? JSONParser.parse(options))?.object {
            for name in type(of: sender).protections where object[name] == nil { object[name] = .bool(true) }
            options = JSON.object(object).description
        }
        do {
            _ = try SourceOptions(json: options)
        } catch {
            throw usage("The options can't be used. \(error.explanation)")
        }
        guard !name.trimmingBlanks().isEmpty, name.count <= 100 else {
            throw usage("Use a name of 1 to 100 characters.")
        }
        let first = configuration.teams.values.min { ($0.id) < ($1.id) }
        guard let owner = team.map({ configuration.team(named: $0) }) ?? first else {
            throw usage(
                team.map { "There is no team \($0)." } ?? "There is no team yet. Run pagerpal seed, or create one.")
        }
        let key = randomKey()
        var source = AlertSource(
            id: store.identifiers.next(), name: name, kind: kind, teamID: owner.id, options: options)
        source.setKey(key)
        try await save([.save(source)], configuration, store)
        if json { return Startup.printJSON(["id": source.id.rawValue, "name": name, "key": key]) }
        print("Source \(name) of \(owner.name). Key (shown once): \(key)")
        print("Send alerts to \(settings.baseURL)/api/v1/alerts/\(kind)")
    }
}

struct CreateTokenCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "create-token", abstract: "Creates a token for the management API and prints it once.")

    @Option(help: "The address of the user for whom it acts, or the name of a service account.") var email: String
    @Option(help: "What it is for.") var name = "command line"
    @Flag(name: .customLong("read-only"), help: "The token may only read.") var isReadOnly = false
    @Option(help: "What it may do: read, incidents (also act on them) or write. Default: write.") var scope = "write"
    @Option(name: .customLong("team"), help: "The only teams whose things it sees and changes, by name or id.")
    var teams: [String] = []
    @Option(help: "The number of days until it runs out. 0: never.") var days = 365
    @Flag(help: "Print JSON.") var json = false

    func run() async throws { try await Startup.withStore(run) }

    private func run(_ store: Store, _ configuration: Configuration, _ settings: Settings) async throws {
        let users = configuration.users.values
        let found =
            users.first { $0.email.lowercased() == email.lowercased() }
            ?? users.first { $0.isService && $0.name == email }
        guard let user = found else {
            throw usage("There is no user with the address \(email), and no service account of this name.")
        }
        let bound = try teams.map { name in
            guard let team = configuration.team(named: name) else { throw usage("There is no team \(name).") }
            return team.id
        }
        guard let given = APIToken.Scope(rawValue: scope) else {
            throw usage("Use the scope read, incidents or write.")
        }
        guard (0...3_650).contains(days) else { throw usage("Use 0 to 3650 days.") }
        let now = TimeSource.system.now()
        let text = "pgp_" + randomKey()
        let token = APIToken(
            id: store.identifiers.next(), userID: user.id, name: name, hash: sha256(text), hint: String(text.prefix(8)),
            scope: isReadOnly ? .read : given, teams: bound.isEmpty ? nil : Set(bound),
            expiresAt: days == 0 ? nil : now + .days(days))
        try await store.save(token, at: now)
        try await store.note(
            "the API token “\(name)” (\(token.scope.rawValue)) was created", about: .user(user.id), named: user.name,
            by: .commandLine, at: now)
        if json { return Startup.printJSON(["id": token.id.rawValue, "token": text]) }
        print("Token of \(user.name) (shown once): \(text)")
    }
}

func usage(_ text: String) -> ExitCode {
    Startup.complain(text)
    return ExitCode(64)
}

func save(_ changes: [ConfigurationChange], _ configuration: Configuration, _ store: Store) async throws {
    let faults = configuration.faults(of: changes)
    guard faults.isEmpty else { throw usage(ConfigurationFault.invalid(faults).description) }
    do {
        let followUps = try await store.change(
            changes, on: configuration, by: .commandLine, at: TimeSource.system.now())
        if followUps == nil { throw usage("The configuration has changed in the meantime. Run the command again.") }
    } catch let error as DatabaseError {
        if case .constraint(.unique, _) = error { throw usage("This name already exists.") }
        Startup.complain("\(error)")
        throw ExitCode(69)
    }
}
