import Actors
import Database
import Domain
import Formats
import Foundation
import Integrations
import Logging
import Providers
import ServiceLifecycle
import Store
import Synchronization
import TestSupport
import Testing
import Transport

@testable import App

/// The whole application on a free port, with a manual clock and an outbox instead of providers.
///
/// A page that the test does not expect fails it. So does an error in the log.
final class TestApp: Sendable {
    static let key = "test-key-0123456789"
    static let token = "pgp_test-token"

    let assembly: Assembly
    let outbox: OutboxProvider
    let time: ManualTime
    let team: TestTeam
    let port: Int
    private let client = CurlClient()
    private let seen = Mutex(0)
    private let areErrorsAllowed = Mutex(false)

    /// Starts the application, runs the body, and stops it.
    ///
    /// - Parameters:
    ///   - database: used instead of a new database.
    ///   - isFresh: whether to start without the cast and any other configuration.
    ///   - change: changes the cast before it is stored.
    ///   - unserved: channels that no provider serves.
    ///   - posters: those of the channels of teams.
    ///   - telegram: where the bot's updates come from.
    ///   - slack: sends answers to people in Slack.
    ///   - twin: asks the other PagerPal that the settings name.
    ///   - providers: providers besides the outbox, which serves the remaining channels.
    static func run(
        _ kind: TestDatabase, time: ManualTime = ManualTime(), url: DatabaseURL? = nil,
        database: (any Database)? = nil, isFresh: Bool = false,
        secrets: SecretKeys = SecretKeys(Secret("test secret")), fetch: Subscriptions.Fetch? = nil,
        unserved: Set<Channel> = [],
        settings change: (inout Settings) -> Void = { _ in }, team adapt: (inout TestTeam) -> Void = { _ in },
        dispatch: Dispatcher.Settings = .init(bundlingWindow: .zero),
        providers: (TimeSource) -> [any Provider] = { _ in [] },
        posters: [any Provider]? = nil, telegram: TelegramListener.Source? = nil,
        slack: @escaping SlackAnswers.Send = { _ in }, twin: TwinWatch.Fetch? = nil,
        _ body: @escaping @Sendable (TestApp) async throws -> Void
    ) async throws {
        try await ConcurrencyLimit.applications.pass {
            try await serve(
                kind, time: time, url: url, given: database, isFresh: isFresh, secrets: secrets, fetch: fetch,
                unserved: unserved,
                settings: change,
                team: adapt,
                dispatch: dispatch, providers: providers, posters: posters, telegram: telegram, slack: slack,
                twin: twin, body)
        }
    }

    private static func serve(
        _ kind: TestDatabase, time: ManualTime, url: DatabaseURL?, given: (any Database)?, isFresh: Bool,
        secrets: SecretKeys,
        fetch: Subscriptions.Fetch?,
        unserved: Set<Channel>, settings change: (inout Settings) -> Void, team adapt: (inout TestTeam) -> Void,
        dispatch: Dispatcher.Settings,
        providers: (TimeSource) -> [any Provider], posters: [any Provider]?, telegram: TelegramListener.Source?,
        slack: @escaping SlackAnswers.Send, twin: TwinWatch.Fetch?,
        _ body: @escaping @Sendable (TestApp) async throws -> Void
    ) async throws {
        var team = TestTeam(keyHash: sha256(key))
        adapt(&team)
        var settings = Settings()
        settings.isSendingEnabled = true
        settings.passwordCost = 10
        // A busy machine may answer late, and send late.
        settings.connectionLimits.headDeadline = Patience.limit
        settings.connectionLimits.idleDeadline = Patience.limit
        settings.connectionLimits.bodyDeadline = Patience.limit
        // Longer than any scenario, because the clock moves in jumps and renewals need not keep up.
        settings.leaseDuration = .hours(72)
        // The clock stands still while a scenario polls.
        settings.requestsPerMinute = nil
        // Each scenario has new browsers.
        settings.tellsNewBrowsers = false
        change(&settings)
        let database: any Database =
            if let given { given } else if let url { try openDatabase(url) } else { try await kind.open() }
        let others = providers(time.source)
        let left = Set(Channel.allCases).subtracting(others.flatMap(\.channels)).subtracting(unserved)
        let outbox = OutboxProvider(channels: left, time: time.source)
        let log = ErrorLog()
        let assembly = Assembly(
            settings: settings, database: database, secrets: secrets, providers: others + [outbox],
            posters: posters ?? [OutboxProvider(time: time.source)], telegram: telegram, slack: slack, twin: twin,
            time: time.source, leaseClock: .manual { time.now }, fetch: fetch, dispatch: dispatch,
            logger: Logger(label: "test") { _ in log })
        _ = try await assembly.store.migrate(at: time.now)
        let isEmpty = try await assembly.store.configuration().users.isEmpty
        if isEmpty && !isFresh {
            try await assembly.store.change(team.changes, at: time.now)
            try await assembly.store.save(
                APIToken(id: "token", userID: "dana", name: "test", hash: sha256(token), hint: "pgp_", scope: .write),
                at: time.now)
        }
        try await assembly.configuration.reload()
        let (ports, continuation) = AsyncStream<Int>.makeStream()
        let stored = team
        var areErrorsAllowed = false
        try await withThrowingTaskGroup(of: Void.self) { group in
            let running = assembly.group(host: "127.0.0.1", port: 0) { continuation.yield($0) }
            group.addTask { try await running.run() }
            var iterator = ports.makeAsyncIterator()
            let app = TestApp(
                assembly: assembly, outbox: outbox, time: time, team: stored, port: try #require(await iterator.next()))
            try await withDeadline(Patience.limit * 3) { try await body(app) }
            areErrorsAllowed = app.areErrorsAllowed.withLock { $0 }
            try await app.expectPages([], "after the test's end")
            await running.triggerGracefulShutdown()
            try await group.waitForAll()
        }
        if !areErrorsAllowed { #expect(log.errors == []) }
        await database.close()
    }

    private init(assembly: Assembly, outbox: OutboxProvider, time: ManualTime, team: TestTeam, port: Int) {
        self.assembly = assembly
        self.outbox = outbox
        self.time = time
        self.team = team
        self.port = port
    }

    /// For scenarios in which something outside fails: logged errors do not fail them.
    func allowErrors() { areErrorsAllowed.withLock { $0 = true } }

    /// Waits until the database contains nothing that is due. Looks at no clock.
    func settle() async throws {
        try await Patience.wait(for: "nothing is due") { try await !hasWork() }
    }

    private func hasWork() async throws -> Bool {
        let now = time.now
        let rows = try await assembly.store.database.run(
            """
            SELECT (SELECT COUNT(*) FROM follow_ups)
              + (SELECT COUNT(*) FROM pages WHERE state = 'claimed' OR (state = 'queued' AND due_at <= \(now)))
              + (SELECT COUNT(*) FROM incidents WHERE next_escalation_at IS NOT NULL AND next_escalation_at <= \(now))
              + (SELECT COUNT(*) FROM heartbeat_states WHERE due_at IS NOT NULL AND due_at <= \(now)) AS due
            """
        ).rows
        return try rows[0].get("due", as: Int.self) > 0
    }

    /// Moves the clock in small steps, so that everything due in between happens.
    func advance(_ duration: Duration) async throws {
        try await settle()
        var left = duration
        while left > .zero {
            let step = min(left, .seconds(10))
            time.advance(by: step)
            left -= step
            try await settle()
        }
    }

    /// The pages since the last call, such as `email ada@example.com`, in any order.
    func expectPages(
        _ expected: [String], _ comment: Comment? = nil, sourceLocation: SourceLocation = #_sourceLocation
    ) async throws {
        try await settle()
        let all = await outbox.messages
        let new = seen.withLock { seen in
            defer { seen = all.count }
            return all.dropFirst(seen)
        }
        #expect(
            new.map { "\($0.channel.rawValue) \($0.address)" }.sorted() == expected.sorted(), comment,
            sourceLocation: sourceLocation)
    }

    /// Discards all pages so far, for scenarios about something else.
    func takePages() async throws {
        try await settle()
        let count = await outbox.messages.count
        seen.withLock { $0 = count }
    }

    /// Waits until a timeline contains a sentence, for events that happen shortly after they are due.
    func waitForTimeline(_ sentence: String, of number: Int = 1) async throws {
        try await waitUntil { try await self.timeline(number).contains(sentence) }
    }

    /// Waits until the outbox has received this many messages in total.
    func waitForMessages(_ count: Int) async throws {
        try await waitUntil { await outbox.messages.count >= count }
    }

    /// Polls a condition that has no signal.
    func waitUntil(_ condition: () async throws -> Bool) async throws {
        try await Patience.wait(for: "what the scenario waits for", until: condition)
    }

    /// Sends a request and returns the status and JSON.
    func send(
        _ method: String, _ path: String, _ body: String? = nil, headers: [(name: String, value: String)]? = nil
    ) async throws -> (status: Int, json: JSON, response: CurlResponse) {
        let standard =
            path.hasPrefix("/api/v1/alerts")
            ? [("X-API-Key", TestApp.key)] : [("Authorization", "Bearer \(TestApp.token)")]
        let response = try await client.perform(
            CurlRequest(
                url: "http://127.0.0.1:\(port)\(path)",
                kind: .http(
                    method: method, headers: headers ?? standard.map { (name: $0.0, value: $0.1) },
                    body: body.map { Array($0.utf8) }),
                timeout: .seconds(60)))
        return (response.status, (try? JSONParser.parse(response.body)) ?? .null, response)
    }

    /// Sends an alert that must be accepted.
    @discardableResult
    func alert(_ body: String) async throws -> JSON {
        let answer = try await send("POST", "/api/v1/alerts", body)
        #expect([200, 201].contains(answer.status), "\(answer.json)")
        return answer.json
    }

    /// Performs an action on an incident that must succeed.
    @discardableResult
    func act(_ action: String, on number: Int = 1, _ body: String = "{}") async throws -> JSON {
        let answer = try await send("POST", "/api/v1/incidents/\(number)/\(action)", body)
        #expect(answer.status == 200, "\(answer.json)")
        return answer.json
    }

    /// The sentences of an incident's timeline.
    func timeline(_ number: Int = 1) async throws -> [String] {
        let items = try await send("GET", "/api/v1/incidents/\(number)/timeline").json["items"]?.array ?? []
        return items.compactMap { item in item["text"]?.text.map { "\(item["author"]?.text ?? "") \($0)" } }
    }

    func state(_ number: Int = 1) async throws -> String? {
        try await send("GET", "/api/v1/incidents/\(number)").json["state"]?.text
    }
}

/// Collects errors from the log.
struct ErrorLog: LogHandler {
    private final class Kept: Sendable { let errors = Mutex<[String]>([]) }

    private let kept = Kept()
    var metadata: Logger.Metadata = [:]
    var logLevel = Logger.Level.error
    var errors: [String] { kept.errors.withLock { $0 } }

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        kept.errors.withLock { $0.append("\(event.message) \(event.metadata ?? [:])") }
    }
}
