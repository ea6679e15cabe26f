internal import ArgumentParser
internal import Database
internal import Domain
internal import Store

struct PruneCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "prune",
        abstract:
            "Deletes what is older than RETENTION_INCIDENT_DAYS, RETENTION_AUDIT_DAYS and RETENTION_STATISTICS_DAYS.",
        discussion: """
            A running PagerPal does this by itself, once an hour. Open incidents are never deleted. Reports go on counting \
            what was deleted.
            """)

    @Flag(name: .customLong("dry-run"), help: "Only count what would be deleted.") var isDryRun = false

    func run() async throws {
        let settings = try await Startup.settings()
        let store = try await Startup.store(settings)
        let now = TimeSource.system.now()
        do throws(DatabaseError) {
            if isDryRun {
                report("Would delete", try await store.countPrunable(settings.retention, at: now))
            } else {
                var total = PruneCount()
                while let count = try await store.prune(settings.retention, at: now), !count.isEmpty { total += count }
                report("Deleted", total)
            }
        } catch {
            Startup.complain("\(settings.database.redacted): \(error)")
            throw ExitCode(69)
        }
        await store.database.close()
    }

    private func report(_ verb: String, _ count: PruneCount) {
        print(
            """
            \(verb): incidents \(count.incidents), pages \(count.pages), audit records \(count.audit), rows of \
            statistics \(count.statistics), expired sessions and links \(count.expired).
            """)
    }
}
