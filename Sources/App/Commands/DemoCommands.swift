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

    func run() async throws {
        let settings = try await Startup.settings()
        guard !settings.isProduction || force else {
            Startup.complain("This is production, which should not have demo users. To add them anyway, use --force.")
            throw ExitCode(64)
        }
        let store = try await Startup.store(settings)
        let isNew = try await seed(store, stepDelay: .minutes(5))
        print(isNew ? "The team Operations is there: Ada, Bob, Cleo and Dana." : "The demo team is there already.")
        await store.database.close()
    }
}

struct DemoCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "demo",
        abstract: "Serves demo data with fast escalation. An outbox keeps the messages instead of sending them.")

    @Flag(help: "Print the first line as JSON, for scripts.") var json = false

    func run() async throws {
        var settings = try await Startup.settings()
        if ProcessInfo.processInfo.environment["DATABASE_URL"] == nil {
            settings.database = .sqlite(path: "data/demo.db")
        }
        settings.isSendingEnabled = true
        let time = TimeSource.system
        let store = try await Startup.store(settings)
        _ = try await seed(store, stepDelay: .seconds(20))
        let (key, token) = try await credentials(store)
        let outbox = OutboxProvider(time: time)
        let assembly = Assembly(
            settings: settings, database: store.database, secret: try Startup.secret(settings), providers: [outbox],
            dispatch: .init(bundlingWindow: .seconds(2)), logger: Startup.logger(settings))
        try await assembly.configuration.reload()
        let messages = await outbox.stream()
        let (host, port) = (settings.host, settings.port)
        try await withThrowingTaskGroup(of: Void.self) { group in
            group.addTask { for await message in messages { show(message, at: time.now()) } }
            try await assembly.run(host: host, port: port) { port in
                welcome(url: "http://\(host):\(port)", key: key, token: token)
            }
            group.cancelAll()
        }
    }

    private func welcome(url: String, key: String, token: String) {
        if json {
            Startup.printJSON(["url": url, "key": key, "token": token])
        } else {
            print(
                """
                PagerPal's demo is at \(url). Send an alert:

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

    /// Creates a new key and token at each start, because earlier ones are not stored.
    private func credentials(_ store: Store) async throws -> (key: String, token: String) {
        let configuration = try await store.configuration()
        guard let team = configuration.team(named: "Operations"),
            let dana = configuration.users.values.first(where: { $0.email == DemoTeam.administrator })
        else { throw ExitCode(70) }
        let (key, token) = (randomKey(), "pgp_" + randomKey())
        var source =
            configuration.sources.values.first { $0.name == "Demo" }
            ?? AlertSource(id: store.identifiers.next(), name: "Demo", kind: "generic", teamID: team.id)
        source.setKey(key)
        source.isEnabled = true
        let now = TimeSource.system.now()
        try await store.change([.save(source)], at: now)
        try await store.save(
            APIToken(
                id: store.identifiers.next(), userID: dana.id, name: "demo", hash: sha256(token),
                hint: String(token.prefix(8)), scope: .write, expiresAt: now + .days(1)), at: now)
        return (key, token)
    }
}

/// - Returns: false if the demo team already exists.
private func seed(_ store: Store, stepDelay: Duration) async throws -> Bool {
    let demo = DemoTeam(time: .system, identifiers: store.identifiers, stepDelay: stepDelay)
    let configuration = try await store.configuration()
    guard !configuration.users.values.contains(where: { $0.email == DemoTeam.administrator }) else { return false }
    guard configuration.team(named: "Operations") == nil else {
        Startup.complain(
            "A team named Operations already exists. Use a database without one: "
                + "DATABASE_URL=sqlite:///demo.db pagerpal seed")
        throw ExitCode(64)
    }
    try await store.change(demo.changes(), at: TimeSource.system.now())
    return true
}
