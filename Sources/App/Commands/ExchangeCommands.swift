internal import Actors
internal import ArgumentParser
internal import Database
internal import Domain
internal import Formats
internal import Foundation
internal import Integrations
internal import Store
internal import Transport

struct ExportCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract: "Prints the configuration as YAML: by name, without ids, passwords and keys.",
        discussion: "pagerpal export > team.yaml; pagerpal apply team.yaml makes the same elsewhere.")

    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        try await Startup.withStore { _, configuration, _ in
            let document = configuration.document(at: TimeSource.system.now(), Integrations.rules)
            print(json ? document.description : ConfigurationFile.write(document), terminator: json ? "\n" : "")
        }
    }
}

struct ApplyCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "apply",
        abstract: "Changes the configuration to what a file says. Applying it twice changes nothing more.",
        discussion: """
            What the file leaves out stays as it is. A source's key and secret come from the environment, as in \
            key: {env: GRAFANA_KEY}. A new source without a key gets one, which is printed once.
            """)

    @Argument(help: "The file, in YAML or JSON, or - for standard input.") var file: String
    @Flag(help: "Only show what would change.") var plan = false
    @Flag(help: "Also delete what is missing in a section that the file has.") var prune = false

    func run() async throws {
        let document = try read()
        try await Startup.withStore { store, configuration, _ in
            let context = DocumentContext(
                identifiers: store.identifiers, keys: .system, variable: variable,
                setKey: { $0.setKey($1) }, sources: Integrations.rules, now: TimeSource.system.now())
            let changes: ConfigurationPlan
            do throws(DocumentFaults) {
                changes = try configuration.plan(document, prunes: prune, context)
            } catch {
                Startup.complain("\(file) can't be applied:")
                throw refusal(error.description, 65)
            }
            for line in changes.lines { print(line) }
            guard !changes.lines.isEmpty else { return print("Nothing to change.") }
            if plan { return print("Plan only: nothing was changed.") }
            try await save(changes.changes, configuration, store)
            print("Applied \(changes.lines.count) changes.")
            for (source, key) in changes.keys { print("Key of the source \(source) (shown once): \(key)") }
        }
    }

    private func read() throws -> JSON {
        let data: Data?
        if file == "-" {
            data = try FileHandle.standardInput.read(upToCount: ConfigurationFile.limit + 1)
        } else {
            guard let handle = FileHandle(forReadingAtPath: file) else { throw refusal("\(file) can't be read.", 66) }
            data = try handle.read(upToCount: ConfigurationFile.limit + 1)
        }
        guard let text = String(validating: data ?? Data(), as: UTF8.self) else {
            throw refusal("\(file) is not UTF-8.", 65)
        }
        do throws(ConfigurationFile.Fault) {
            return try ConfigurationFile.read(text)
        } catch {
            throw refusal("\(file): \(error)", 65)
        }
    }

    private func variable(_ name: String) -> String? { ProcessInfo.processInfo.environment[name] }
}
