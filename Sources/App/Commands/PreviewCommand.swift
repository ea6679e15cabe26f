internal import ArgumentParser
internal import Database
internal import Domain
internal import Foundation
internal import Providers
internal import Store

struct PreviewCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "preview",
        abstract: "Shows who would be paged, when, how and why.",
        discussion: """
            Without --at, previews an alert now. --at takes an instant (2026-03-07T03:00:00Z) or a weekday and a time \
            in the time zone given by --time-zone: "Saturday 03:00".
            """)

    @Option(help: "The alert source, by name or id.") var source: String?
    @Option(help: "The escalation policy, by name or id. Overrides the source's.") var policy: String?
    @Option(help: "The team, by name or id.") var team: String?
    @Option(help: "The alert's severity.") var severity = "critical"
    @Option(help: "When the alert arrives.") var at: String?
    @Option(
        name: .customLong("time-zone"),
        help: "The time zone of input and output. Default: that of the team's schedule.")
    var timeZone: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let settings = try await Startup.settings()
        let store = try await Startup.store(settings)
        let configuration = try await store.configuration()
        let number = try await store.lastIncidentNumber() + 1
        await store.database.close()
        let zone = timeZone ?? configuration.schedules.values.min { $0.id < $1.id }?.timeZone ?? "UTC"
        let question = try question(configuration, zone)
        guard let forecast = configuration.forecast(question, number: number) else {
            throw usage("Name an alert source, an escalation policy or a team.")
        }
        var warnings = configuration.warnings(of: forecast, channels: settings.channels)
        if !settings.isSendingEnabled { warnings.append("Sending is disabled: no page would be sent.") }
        if json { return printJSON(forecast, configuration, warnings) }
        printTable(forecast, question, configuration, zone, warnings)
    }

    private func question(_ configuration: Configuration, _ zone: String) throws -> PreviewQuestion {
        guard let severity = Severity(word: severity) else {
            throw usage("The severity \(severity) is not known. Use critical, error, warning or info.")
        }
        let now = TimeSource.system.now()
        var question = PreviewQuestion(severity: severity, at: now)
        if let at {
            guard let instant = Timestamp(rfc3339: at) ?? Timestamp(weekday: at, after: now, in: zone) else {
                throw usage("“\(at)” is not an instant. Write 2026-03-07T03:00:00Z or \"Saturday 03:00\".")
            }
            question.at = instant
        }
        if let source {
            guard let found = configuration.source(named: source) else {
                throw usage("There is no alert source \(source).")
            }
            question.source = found
        }
        if let policy {
            guard let found = configuration.policy(named: policy) else {
                throw usage("There is no escalation policy \(policy).")
            }
            question.policy = found
        }
        if let team {
            guard let found = configuration.team(named: team) else { throw usage("There is no team \(team).") }
            question.team = found.id
        }
        return question
    }

    private func printTable(
        _ forecast: Forecast, _ question: PreviewQuestion, _ configuration: Configuration, _ zone: String,
        _ warnings: [String]
    ) {
        print(
            "A \(question.severity.rawValue) alert on \(question.at.local(in: zone)) (\(zone)) follows “\(forecast.policy.name)”:"
        )
        print("")
        let rows = forecast.entries.map { entry in
            [
                entry.at.local(in: zone), "+" + (entry.at - question.at).words,
                configuration.name(of: entry.page.userID),
                "\(entry.page.channel.name) \(entry.page.address)", entry.why,
            ]
        }
        for line in table(["AT", "AFTER", "WHO", "BY", "WHY"], rows) { print("  " + line) }
        if !forecast.notes.isEmpty { print("") }
        for note in forecast.notes { print("  \(note.at.local(in: zone))  \(note.text)") }
        if !warnings.isEmpty { print("") }
        for warning in warnings { print("  ! \(warning)") }
    }

    private func table(_ head: [String], _ rows: [[String]]) -> [String] {
        let widths = head.indices.map { column in ([head] + rows).map { $0[column].count }.max() ?? 0 }
        return ([head] + rows).map { row in
            row.indices.map { column in
                column == row.count - 1
                    ? row[column] : row[column].padding(toLength: widths[column], withPad: " ", startingAt: 0)
            }.joined(separator: "  ")
        }
    }

    private func printJSON(_ forecast: Forecast, _ configuration: Configuration, _ warnings: [String]) {
        struct Answer: Encodable {
            struct Page: Encodable { let at, user, channel, address, why: String }
            let policy: String
            let pages: [Page]
            let warnings: [String]
        }
        let answer = Answer(
            policy: forecast.policy.name,
            pages: forecast.entries.map {
                .init(
                    at: $0.at.rfc3339, user: configuration.name(of: $0.page.userID), channel: $0.page.channel.rawValue,
                    address: $0.page.address, why: $0.why)
            }, warnings: warnings)
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        if let data = try? encoder.encode(answer) { print(String(decoding: data, as: UTF8.self)) }
    }
}
