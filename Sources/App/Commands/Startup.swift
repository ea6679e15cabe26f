internal import ArgumentParser
internal import Database
internal import Domain
internal import Foundation
internal import Logging
internal import NIOCore
internal import Store
internal import Synchronization

/// The first steps of all commands that use the database.
enum Startup {
    /// Reads the settings from the environment. If they have faults, prints them all and exits with 78.
    static func settings() async throws -> Settings {
        guard ZoneDatabase.isAvailable else {
            complain(
                "There is no time zone database in \(ZoneDatabase.folder). Install the package tzdata, or set TZDIR.")
            throw ExitCode(78)
        }
        do {
            let settings = try Settings(try Environment.current())
            for warning in settings.warnings { complain("\(warning)", .warning) }
            return settings
        } catch {
            complain("\(error)")
            throw ExitCode(78)
        }
    }

    static func logger(_ settings: Settings) -> Logger {
        Logger(label: "pagerpal") { _ in
            LineLogHandler(level: settings.logLevel, format: settings.logFormat, now: TimeSource.system.now)
        }
    }

    /// How long a server waits for its database, for hosts that start both at once.
    static let serverPatience: Duration = .seconds(60)

    /// Opens the database and migrates its schema if asked. Exits with 69 if the database can't be used.
    ///
    /// - Parameter patience: how long to wait for a database server that can't be reached.
    static func store(
        _ settings: Settings, migrates: Bool = true, patience: Duration = .seconds(5)
    ) async throws -> Store {
        umask(0o077)  // Other users of this host must not read the files.
        let deadline = ContinuousClock.now + patience
        var isWaiting = false
        while true {
            do {
                return try await open(settings, migrates: migrates)
            } catch let fault as SchemaFault {
                complain(fault.description)
                throw ExitCode(69)
            } catch let error as DatabaseError {
                guard settings.database.mayComeUp(after: error), ContinuousClock.now < deadline else {
                    complain("\(settings.database.redacted): \(error)")
                    throw ExitCode(69)
                }
                if !isWaiting {
                    complain("Waiting up to \(patience.components.seconds) s for the database. \(error)", .warning)
                }
                isWaiting = true
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }

    /// The schema does not fit this program.
    private struct SchemaFault: Error, CustomStringConvertible { let description: String }

    private static func open(_ settings: Settings, migrates: Bool) async throws -> Store {
        var options = DatabaseOptions()
        options.leaseDuration = settings.leaseDuration
        let database = try openDatabase(settings.database, options: options)
        let store = Store(database: database, identifiers: .uuids(time: .system))
        let now = TimeSource.system.now()
        do {
            switch migrates ? try await store.migrate(at: now) : try await store.schemaState() {
            case .current:
                try await store.checkWriting(at: now)
                return store
            case .behind(let has, let needs):
                throw SchemaFault(
                    description: "The schema is at \(has) and must be at \(needs). Run: pagerpal migrate")
            case .ahead(let has, let knows):
                throw SchemaFault(
                    description:
                        "The schema is at \(has), but this PagerPal supports only \(knows). Use the newer version.")
            }
        } catch {
            await database.close()
            throw error
        }
    }

    /// Opens the database for one command, and closes it afterwards. Closing merges SQLite's WAL into its file.
    static func withStore<Value>(
        _ body: (Store, Configuration, Settings) async throws -> Value
    ) async throws -> Value {
        let settings = try await settings()
        let store = try await store(settings)
        do {
            let value = try await body(store, try await store.configuration(), settings)
            await store.database.close()
            return value
        } catch {
            await store.database.close()
            throw error
        }
    }

    /// Says why the server could not listen.
    static func refusal(of error: any Error, _ settings: Settings) -> (any Error) {
        let (host, port) = (settings.host, settings.port)
        switch error {
        case let error as IOError where error.errnoCode == EADDRINUSE:
            return App.refusal(
                "Another process listens on port \(port) of \(host). Stop it, or set PAGERPAL_PORT to another port.", 69
            )
        case let error as IOError where error.errnoCode == EACCES:
            return App.refusal(
                "This user may not listen on port \(port). Set PAGERPAL_PORT to one above 1023, behind a proxy.", 78)
        case let error as IOError where error.errnoCode == EADDRNOTAVAIL:
            return App.refusal("This host has no address \(host). Set PAGERPAL_HOST to one of its own.", 78)
        case is SocketAddressError:
            return App.refusal("The host \(host) can't be found. Set PAGERPAL_HOST to an address of this host.", 78)
        default: return error
        }
    }

    static func secrets(_ settings: Settings) throws -> SecretKeys {
        SecretKeys(try secret(settings), previous: settings.previousSecretKey)
    }

    /// The key that signs links and sessions. In development it is generated and stored next to the database.
    private static func secret(_ settings: Settings) throws -> Secret {
        if let key = settings.secretKey { return key }
        guard case .sqlite(let path) = settings.database, path != ":memory:" else { return Secret(randomKey()) }
        let file = URL(filePath: path).deletingLastPathComponent().appending(path: "secret-key")
        if let known = try? String(contentsOf: file, encoding: .utf8), known.utf8.count >= 32 { return Secret(known) }
        let key = randomKey() + randomKey()
        let made = FileManager.default.createFile(
            atPath: file.path(), contents: Data(key.utf8), attributes: [.posixPermissions: 0o600])
        guard made else {
            complain("The file \(file.path()) can't be written. Set SECRET_KEY.")
            throw ExitCode(73)
        }
        return Secret(key)
    }

    /// Writes a sentence to standard error. A process that serves with `LOG_FORMAT=json` writes it as a record, because
    /// collectors read nothing else.
    static func complain(_ text: String, _ level: Logger.Level = .error) {
        if let recorder = recorder.withLock({ $0 }) { return recorder.log(level: level, "\(text)") }
        StandardError.write(level == .warning ? "warning: \(text)" : text)
    }

    /// Decides, before the settings are read, how a process that serves writes what it says.
    static func beginServing() {
        StandardError.ignoreClosedPipes()
        let format = (try? Environment.current())?["LOG_FORMAT"]?.trimmingBlanks().lowercased()
        guard format == Settings.LogFormat.json.rawValue else { return }
        recorder.withLock {
            $0 = Logger(label: "pagerpal") { _ in
                LineLogHandler(level: .info, format: .json, now: TimeSource.system.now)
            }
        }
    }

    private static let recorder = Mutex<Logger?>(nil)

    /// Prints one line of JSON for scripts.
    static func printJSON(_ object: [String: String]) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if let data = try? encoder.encode(object) { print(String(decoding: data, as: UTF8.self)) }
    }
}

extension DatabaseURL {
    /// Whether the database may be there a moment later: its server does not run yet, or is starting.
    fileprivate func mayComeUp(after error: DatabaseError) -> Bool {
        guard case .postgres = self, case .unavailable(let why) = error else { return false }
        let final = [
            "authentication failed", "does not exist", "no password supplied", "permission denied", "pg_hba.conf",
            "pool_mode", "invalid",
        ]
        return !final.contains { why.contains($0) }
    }
}
