internal import ArgumentParser
internal import Database
internal import Domain
internal import Foundation
internal import Store

struct BackupCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "backup",
        abstract: "Copies the SQLite database into a file, while PagerPal runs.",
        discussion: "The copy is one consistent state, is checked, and is readable only by you. PostgreSQL has pg_dump."
    )

    @Argument(help: "The new file. It must not exist.") var file: String
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let path = try await sqlitePath("pg_dump --format=custom --file=\(file) \"$DATABASE_URL\"")
        umask(0o077)
        guard FileManager.default.fileExists(atPath: path) else {
            throw refusal("There is no database at \(path).", 66)
        }
        guard !FileManager.default.fileExists(atPath: file) else {
            throw refusal("\(file) exists already. Name a new file, such as pagerpal-\(today()).db.", 73)
        }
        do throws(DatabaseError) {
            nice(19)  // The pager goes first.
            try SQLiteFile.copy(path, to: file, yields: true)
            report(try SQLiteFile.summary(of: file))
        } catch {
            throw refusal("The backup failed. \(error)", 74)
        }
    }

    private func report(_ summary: SQLiteFile.Summary) {
        let incidents = summary.rows["incidents"] ?? 0
        guard json else {
            print(
                "Saved \(summary.bytes) bytes in \(file): schema \(summary.schema ?? 0), \(incidents) incidents. Checked."
            )
            return
        }
        Startup.printJSON([
            "file": file, "bytes": String(summary.bytes), "schema": String(summary.schema ?? 0),
            "incidents": String(incidents),
        ])
    }

    private func today() -> String { LocalClock.utc.date(at: TimeSource.system.now()).description }
}

struct RestoreCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Replaces the SQLite database with a backup, after checking it. Stop PagerPal first.",
        discussion: "The replaced database stays beside the new one, with the time in its name.")

    @Argument(help: "The backup.") var file: String

    func run() async throws {
        let path = try await sqlitePath("pg_restore --no-owner --dbname=\"$DATABASE_URL\" \(file)")
        umask(0o077)
        let schema = try check()
        let replaced = "\(path).before-restore-\(TimeSource.system.now().seconds)"
        do throws(DatabaseError) {
            let isThere = FileManager.default.fileExists(atPath: path)
            if isThere { try SQLiteFile.moveAway(path, to: replaced) }
            do {
                try SQLiteFile.copy(file, to: path)
            } catch {
                if isThere { try? FileManager.default.moveItem(atPath: replaced, toPath: path) }
                throw error
            }
            let different = try SQLiteFile.differences(file, path)
            guard different.isEmpty else {
                throw .unavailable("these tables differ from the backup: \(different.joined(separator: ", "))")
            }
            print("Restored \(path) from \(file): schema \(schema). Every table is the same as in the backup.")
            if isThere { print("The replaced database is \(replaced).") }
            print(
                "Start PagerPal. Incidents that were open in the backup go on; NOTIFICATION_SENDING_ENABLED=false withholds their pages."
            )
        } catch {
            if case .busy = error {
                throw refusal("Another process uses \(path). Stop PagerPal, then restore.", 75)
            }
            throw refusal("The restore failed. \(error)", 74)
        }
    }

    /// - Returns: the backup's schema.
    private func check() throws -> Int {
        let summary: SQLiteFile.Summary
        do throws(DatabaseError) {
            summary = try SQLiteFile.summary(of: file)
        } catch {
            throw refusal("The backup can't be used. \(error)", 65)
        }
        guard let schema = summary.schema else { throw refusal("\(file) is not a database of PagerPal.", 65) }
        guard schema <= Migration.all.count else {
            throw refusal(
                "The backup has schema \(schema), but this PagerPal supports only \(Migration.all.count). "
                    + "Use the newer version.", 65)
        }
        return schema
    }
}

/// The path of the SQLite database in the settings.
///
/// - Parameter command: what to run for PostgreSQL instead.
private func sqlitePath(_ command: String) async throws -> String {
    switch try await Startup.settings().database {
    case .sqlite(":memory:"): throw refusal("A database in memory can't be saved or restored.", 64)
    case .sqlite(let path): return path
    // Not a success: a script that expects a backup must notice.
    case .postgres: throw refusal("PostgreSQL has its own programs for this. Run: \(command)", 64)
    }
}

/// Says why a command ends.
func refusal(_ text: String, _ code: Int32) -> ExitCode {
    Startup.complain(text)
    return ExitCode(code)
}
