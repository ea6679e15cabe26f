internal import ArgumentParser
internal import Domain
internal import Formats
internal import Foundation
internal import Integrations

struct SourcesCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "sources", abstract: "Examines payloads of monitoring systems.", subcommands: [TryCommand.self])
}

/// Needs no settings and no database, so that a sample can be tried before anything is set up.
struct TryCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "try",
        abstract: "Shows the result of a payload without storing it or paging anyone.",
        discussion: "Does not check signatures. Exits with 65 if the payload contains nothing usable.")

    @Option(help: "The sender: \(Integrations.all.map { $0.kind }.joined(separator: ", ")).") var kind = "generic"
    @Option(help: "The source's options as JSON, or @FILE: a mapping, a title.") var options = "{}"
    @Option(name: .customLong("header"), help: "A request header, such as 'X-GitHub-Event: workflow_run'.")
    var headers: [String] = []
    @Argument(help: "The file with the payload, or - for standard input.") var file: String

    func run() throws {
        guard let sender = Integrations.integration(for: kind) else {
            throw refusal(
                "The kind \(kind) is not known. Use: \(Integrations.all.map { $0.kind }.joined(separator: ", ")).")
        }
        let source: SourceOptions
        do {
            source = try SourceOptions(
                json: options.hasPrefix("@") ? try text(of: String(options.dropFirst())) : options)
        } catch let error as PayloadError {
            throw refusal("The options can't be used. \(error.explanation)")
        }
        let body = try bytes(of: file)
        guard body.count <= Payload.Limits.body else {
            throw refusal("\(file) is longer than the limit of \(Payload.Limits.body) bytes.", 65)
        }
        let payload = Payload(
            body: body, headers: try fields(), id: "try", receivedAt: TimeSource.system.now())
        let trial = Trial(payload, sender: sender, options: source)
        for line in trial.lines { print(line) }
        switch trial.result {
        case .success(let decoded):
            guard decoded.entries.isEmpty || !decoded.events.isEmpty else { throw ExitCode(65) }
        case .failure: throw ExitCode(65)
        }
    }

    private func fields() throws -> [String: String] {
        var fields: [String: String] = [:]
        for header in headers {
            guard let colon = header.firstIndex(of: ":") else { throw refusal("Write a header as 'Name: value'.") }
            fields[header[..<colon].lowercased()] = header[header.index(after: colon)...].trimmingBlanks()
        }
        return fields
    }

    private func text(of file: String) throws -> String { String(decoding: try bytes(of: file), as: UTF8.self) }

    private func bytes(of file: String) throws -> [UInt8] {
        if file == "-" { return Array(try FileHandle.standardInput.readToEnd() ?? Data()) }
        do {
            return Array(try Data(contentsOf: URL(filePath: file)))
        } catch {
            throw refusal("\(file) can't be read.", 66)
        }
    }

    private func refusal(_ text: String, _ code: Int32 = 64) -> ExitCode {
        Startup.complain(text)
        return ExitCode(code)
    }
}

extension PayloadError {
    /// The error as one line of text.
    var explanation: String {
        switch self {
        case .malformed(let why), .unauthentic(let why): why
        case .unprocessable(let faults):
            faults.map { $0.field.isEmpty ? $0.explanation : "\($0.field): \($0.explanation)" }.joined(separator: " ")
        }
    }
}
