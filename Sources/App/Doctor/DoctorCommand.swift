internal import ArgumentParser
internal import Database
internal import Domain
internal import Foundation
internal import Providers
internal import Store

struct DoctorCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "doctor",
        abstract: "Checks settings, database, schema, duties, providers, clocks, disk and time zones.",
        discussion: """
            One line for each check; what to do is below it. Exits with 1 if a check failed. Changes nothing, except that \
            it writes one row to see whether the database accepts changes.
            """)

    @Option(
        name: .customLong("send-test-to"),
        help: "Send a test message to this address or number, through the provider that would page it.")
    var recipient: String?
    @Option(
        help: "The channel of the test: email, sms, whatsapp, voice or webhook. Default: what the address looks like.")
    var channel: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        var findings: [Finding] = []
        if let settings = settings(&findings) {
            let doctor = Doctor(settings: settings, time: .system)
            findings += await doctor.findings()
            if let recipient { findings.append(await doctor.sendTest(to: recipient, channel: channel)) }
        }
        if json { try printJSON(findings) } else { for finding in findings { print(finding.line) } }
        guard findings.allSatisfy({ $0.status != .failed }) else { throw ExitCode(1) }
    }

    private func settings(_ findings: inout [Finding]) -> Settings? {
        do {
            let settings = try Settings(try Environment.current())
            findings.append(.ok("settings", settings.isProduction ? "production" : "development"))
            for warning in settings.warnings {
                findings.append(.warning("settings", "\(warning.variable) looks wrong.", warning.advice))
            }
            return settings
        } catch let error as SettingsFaults {
            for fault in error.faults {
                findings.append(.failed("settings", "\(fault.variable) is wrong.", fault.advice))
            }
        } catch {
            findings.append(.failed("settings", "The settings can't be read.", "\(error)"))
        }
        return nil
    }

    private func printJSON(_ findings: [Finding]) throws {
        struct Answer: Encodable {
            let ok: Bool
            let checks: [Finding]
        }
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        let answer = Answer(ok: findings.allSatisfy { $0.status != .failed }, checks: findings)
        print(String(decoding: try encoder.encode(answer), as: UTF8.self))
    }
}
