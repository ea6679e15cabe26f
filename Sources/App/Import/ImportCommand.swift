internal import ArgumentParser
internal import Domain
internal import Formats
internal import Foundation

/// Needs no settings and no database, so that a move can be tried before anything is set up.
struct ImportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "import",
        abstract: "Turns exports of GoAlert, Grafana OnCall, Opsgenie or PagerDuty into a configuration file.",
        discussion: """
            pagerpal import pagerduty users.json schedules.json … > team.yaml, then pagerpal apply team.yaml --plan. \
            What could not be carried over is reported on standard error and in the file's comments. docs/moving-in.md \
            says which answers each product needs.
            """)

    enum Product: String, CaseIterable, ExpressibleByArgument {
        case goalert, opsgenie, pagerduty
        case grafanaOnCall = "grafana-oncall"

        var importer: any SetupImporter.Type {
            switch self {
            case .goalert: GoAlertImport.self
            case .opsgenie: OpsgenieImport.self
            case .pagerduty: PagerDutyImport.self
            case .grafanaOnCall: GrafanaOnCallImport.self
            }
        }
    }

    @Argument(help: "The product: \(Product.allCases.map(\.rawValue).joined(separator: ", ")).") var product: Product
    @Argument(help: "Files with answers of its API, in JSON.") var files: [String]
    @Option(help: "The team for what belongs to no team there.") var team = "Imported"

    func run() async throws {
        var documents: [JSON] = []
        for file in files {
            guard let data = FileManager.default.contents(atPath: file) else {
                throw refusal("\(file) can't be read.", 66)
            }
            guard data.count <= 64 << 20, let json = try? JSONParser.parse(Array(data)) else {
                throw refusal("\(file) is no JSON.", 65)
            }
            documents.append(named(json, file))
        }
        let importer = product.importer
        let setup = importer.read(documents, team: team, at: TimeSource.system.now())
        guard !setup.people.isEmpty else {
            throw refusal("There are no users of \(importer.product) in these files. See docs/moving-in.md.", 65)
        }
        let counts =
            "\(setup.people.count) people, \(setup.teams.count) teams, \(setup.rosters.count) schedules, "
            + "\(setup.policies.count) policies, \(setup.sources.count) alert sources"
        let advice = "Addresses count as verified, because \(importer.product) used them; let everybody start a drill."
        let lines = ["From \(importer.product): \(counts).", advice] + setup.notes
        for line in lines { Startup.complain(line) }
        print(lines.map { "# \($0)\n" }.joined(), terminator: "")
        print(ConfigurationFile.write(setup.document), terminator: "")
    }

    /// Answers with one list don't say what it is a list of. The file's name does: `users.json`, `users-2.json`.
    private func named(_ json: JSON, _ file: String) -> JSON {
        guard json.array != nil || json["data"]?.array != nil || json["results"]?.array != nil else { return json }
        let name = (file.split(separator: "/").last ?? "").prefix { $0.isLetter || $0 == "_" }
        return .members([(String(name), json)])
    }
}
