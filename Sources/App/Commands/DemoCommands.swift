internal import Actors
internal import ArgumentParser
internal import Database
internal import Domain
internal import Foundation
internal import Providers
internal import Store

struct SeedCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "seed", abstract: "Adds a demo team with its schedule, policy and contact methods.")

    @Flag(help: "Run even in production.") var force = false
    @Flag(help: "Also add a month of incidents, if there are none.") var history = false

    func run() async throws {
        let settings = try await Startup.settings()
        guard !settings.isProduction || force else {
            Startup.complain("This is production, which should not have demo users. To add them anyway, use --force.")
            throw ExitCode(64)
        }
        try await Startup.withStore { store, _, _ in
            let isNew = try await seed(store, stepDelay: .minutes(5))
            if history { try await addHistory(store) }
            let name = DemoTeam.find(in: try await store.configuration())?.name ?? ""
            print(
                isNew
                    ? "The team \(name) is there: Ada, Bob, Cleo and Dana. To sign in as Dana: "
                        + "pagerpal reset-password --email \(DemoTeam.administrator)"
                    : "The demo team \(name) is there already.")
        }
    }
}

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Serves demo data with fast escalation. An outbox keeps the messages instead of sending them.")

    @Flag(help: "Print the first line as JSON, for scripts.") var json = false
    @Flag(name: .customLong("no-history"), help: "Start without a month of incidents.") var skipsHistory = false

    func run() async throws {
        var settings = try await Startup.settings()
        if ProcessInfo.processInfo.environment["DATABASE_URL"] == nil {
            settings.database = .sqlite(path: "data/demo.db")
        }
        settings.isSendingEnabled = true
        let time = TimeSource.system
        let store = try await Startup.store(settings, patience: Startup.serverPatience)
        _ = try await seed(store, stepDelay: .seconds(20))
        if !skipsHistory { try await addHistory(store) }
        let (key, token, password) = try await credentials(store, settings)
        let outbox = OutboxProvider(time: time)
        let assembly = Assembly(
            settings: settings, database: store.database, secrets: try Startup.secrets(settings), providers: [outbox],
            dispatch: .init(bundlingWindow: .seconds(2)), logger: Startup.logger(settings))
        try await assembly.configuration.reload()
        let messages = await outbox.stream()
        let (host, port) = (settings.host, settings.port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await message in messages { show(message, at: time.now()) } }
            do {
                try await assembly.run(host: host, port: port) { [settings] port in
                    welcome(url: settings.localURL(port: port), key: key, token: token, password: password)
                }
            } catch {
                throw Startup.refusal(of: error, settings)
            }
            group.cancelAll()
        }
    }

    private func welcome(url: String, key: String, token: String, password: String) {
        if json {
            Startup.printJSON([
                "url": url, "key": key, "token": token, "email": DemoTeam.administrator, "password": password,
            ])
        } else {
            print(
                """
                PagerPal's demo is at \(url). Sign in as \(DemoTeam.administrator) with the password \(password)

                Send an alert:

                  curl -X POST \(url)/api/v1/alerts -H 'X-API-Key: \(key)' \\
                    -d '{"title": "Disk almost full on db-1", "severity": "critical"}'

                and look at its incident:

                  curl \(url)/api/v1/incidents/1 -H 'Authorization: Bearer \(token)'

                """)
        }
        fflush(nil)
    }

    private func show(_ message: Message, at now: Timestamp) {
        if json { return }
        print("\(now.rfc3339) \(message.channel.name) to \(message.address)\n\(message.shortText)\n")
        fflush(nil)
    }

    /// Creates a new key, token and password at each start, because earlier ones are not stored.
    private func credentials(
        _ store: Store, _ settings: Settings
    ) async throws -> (key: String, token: String, password: String) {
        let configuration = try await store.configuration()
        guard let team = DemoTeam.find(in: configuration),
            let dana = configuration.users.values.first(where: { $0.email == DemoTeam.administrator })
        else { throw ExitCode(70) }
        let (key, token, password) = (randomKey(), "pgp_" + randomKey(), String(randomKey().prefix(16)))
        let hash = try await PasswordHasher(rounds: 1 << settings.passwordCost, keys: .system).hash(Secret(password))
        var source =
            configuration.sources.values.first { $0.name == "Demo" }
            ?? AlertSource(id: store.identifiers.next(), name: "Demo", kind: "generic", teamID: team.id)
        source.setKey(key)
        source.isEnabled = true
        let now = TimeSource.system.now()
        try await store.change([.save(source), .setPassword(dana.id, hash: hash)], at: now)
        try await store.save(
            APIToken(
                id: store.identifiers.next(), userID: dana.id, name: "demo", hash: sha256(token),
                hint: String(token.prefix(8)), scope: .write, expiresAt: now + .days(1)), at: now)
        return (key, token, password)
    }
}

/// - Returns: false if the demo team already exists.
private func seed(_ store: Store, stepDelay: Duration) async throws -> Bool {
    let demo = DemoTeam(time: .system, identifiers: store.identifiers, stepDelay: stepDelay)
    let changes = demo.changes(of: try await store.configuration())
    guard !changes.isEmpty else { return false }
    try await store.change(changes, at: TimeSource.system.now())
    return true
}

private func addHistory(_ store: Store) async throws {
    let configuration = try await store.configuration()
    guard let team = DemoTeam.find(in: configuration) else { return }
    try await DemoHistory(store: store, now: TimeSource.system.now()).add(to: team, of: configuration)
}
