internal import ArgumentParser
internal import Database
internal import Domain
internal import Foundation
internal import Logging
internal import Store

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
            return try Settings(try await environmentLookUp())
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

    /// Opens the database and migrates its schema if asked. Exits with 69 if the database can't be used.
    static func store(_ settings: Settings, migrates: Bool = true) async throws -> Store {
        umask(0o077)  // Other users of this host must not read the files.
        do throws(DatabaseError) {
            var options = DatabaseOptions()
            options.leaseDuration = settings.leaseDuration
            let database = try openDatabase(settings.database, options: options)
            let store = Store(database: database, identifiers: .uuids(time: .system))
            let now = TimeSource.system.now()
            switch migrates ? try await store.migrate(at: now) : try await store.schemaState() {
            case .current: return store
            case .behind(let has, let needs):
                complain("The schema is at \(has) and must be at \(needs). Run: pagerpal migrate")
            case .ahead(let has, let knows):
                complain(
                    "The schema is at \(has), but this PagerPal supports only \(knows). Use the newer version.")
            }
        } catch {
            complain("\(settings.database.redacted): \(error)")
        }
        throw ExitCode(69)
    }

    /// The key that signs links and sessions. In development it is generated and stored next to the database.
    static func secret(_ settings: Settings) throws -> Secret {
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

    static func complain(_ text: String) { FileHandle.standardError.write(Data((text + "\n").utf8)) }

    /// Prints one line of JSON for scripts.
    static func printJSON(_ object: [String: String]) {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if let data = try? encoder.encode(object) { print(String(decoding: data, as: UTF8.self)) }
    }
}
