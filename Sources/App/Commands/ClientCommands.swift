internal import ArgumentParser
internal import Domain
internal import Formats
internal import Foundation
internal import Providers

/// Commands for responders. They speak to a running PagerPal over HTTP, from any host, and need no settings of it.
struct IncidentsCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "incidents", abstract: "Lists incidents of a PagerPal elsewhere.", discussion: Client.variables)

    @Option(help: "The states, separated by commas: triggered, acknowledged, resolved.")
    var state = "triggered,acknowledged"
    @Option(help: "The team, by name, id or number.") var team: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        var query = [("state", state), ("limit", "200")]
        if let team { query.append(("team", team)) }
        let answer = try await Client().get("incidents", query)
        if json { return print(answer) }
        let items = answer["items"]?.array ?? []
        if items.isEmpty { return print("There is none.") }
        for item in items { print(line(item)) }
    }

    private func line(_ incident: JSON) -> String {
        let words = [
            "#\(incident["number"]?.text ?? "")", incident["state"]?.text ?? "", incident["severity"]?.text ?? "",
            incident["team"]?["name"]?.text ?? "", incident["title"]?.text ?? "",
        ]
        let owner = incident["acknowledged_by"].map { ", \($0["name"]?.text ?? $0.text ?? "")" } ?? ""
        return words.joined(separator: "  ") + owner
    }
}

struct AckCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "ack", abstract: "Acknowledges incidents of a PagerPal elsewhere.", discussion: Client.variables)

    @Argument(help: "The numbers of the incidents.") var numbers: [Int]

    func run() async throws {
        for number in numbers {
            let incident = try await Client().post("incidents/\(number)/acknowledge", .object(JSONObject()))
            print("#\(number) is \(incident["state"]?.text ?? ""): \(incident["title"]?.text ?? "")")
        }
    }
}

struct OnCallCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "oncall", abstract: "Shows who is on call in a PagerPal elsewhere.", discussion: Client.variables)

    @Option(help: "The team, by name, id or number.") var team: String?
    @Option(help: "When: 2026-03-07T03:00:00Z.") var at: String?
    @Flag(help: "Print JSON.") var json = false

    func run() async throws {
        let query = [("team", team), ("at", at)].compactMap { name, value in value.map { (name, $0) } }
        let answer = try await Client().get("oncall", query)
        if json { return print(answer) }
        for item in answer["items"]?.array ?? [] {
            let people = (item["on_call"]?.array ?? []).compactMap { $0["name"]?.text }.joined(separator: ", ")
            let until = item["until"]?.text.map { " until \($0)" } ?? ""
            print(
                "\(item["team"]?.text ?? "") / \(item["schedule"]?.text ?? ""): "
                    + (people.isEmpty ? "nobody" : people) + until)
        }
    }
}

struct PageCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "page", abstract: "Opens an incident for a team of a PagerPal elsewhere.",
        discussion: Client.variables + " This command needs the key of an alert source of the team in PAGERPAL_KEY.")

    @Argument(help: "The team, by name, id or number.") var team: String
    @Argument(help: "What is wrong, in one line.") var text: String
    @Option(help: "critical, error, warning or info.") var severity = "critical"

    func run() async throws {
        let alert = JSON.members([
            ("title", .string(text)), ("team", .string(team)), ("severity", .string(severity)),
        ])
        let answer = try await Client(credential: "PAGERPAL_KEY").post("alerts", alert)
        guard let incident = answer["incident"] else { throw refusal("No incident was opened: \(answer)", 65) }
        print("#\(incident["number"]?.text ?? "") \(answer["status"]?.text ?? ""): \(incident["url"]?.text ?? "")")
    }
}

/// Calls the API of a running PagerPal.
private struct Client {
    static let variables =
        "PAGERPAL_URL is its address, PAGERPAL_TOKEN a token (pagerpal create-token, or the profile page)."

    private let base: String
    private let token: String

    /// - Parameter credential: the variable with the token or the key.
    init(credential: String = "PAGERPAL_TOKEN") throws {
        let environment = ProcessInfo.processInfo.environment
        let url = environment["PAGERPAL_URL"] ?? "http://127.0.0.1:8000"
        guard isWebAddress(url) else { throw refusal("PAGERPAL_URL is no URL such as https://pager.example.com.", 64) }
        guard let token = environment[credential], !token.isEmpty else { throw refusal("Set \(credential).", 64) }
        base = url.hasSuffix("/") ? String(url.dropLast()) : url
        self.token = token
    }

    func get(_ path: String, _ query: [(String, String)] = []) async throws -> JSON {
        var address = URLComponents()
        address.queryItems = query.map { URLQueryItem(name: $0, value: $1) }
        return try await send("GET", query.isEmpty ? path : "\(path)?\(address.percentEncodedQuery ?? "")", nil)
    }

    func post(_ path: String, _ body: JSON) async throws -> JSON { try await send("POST", path, body) }

    private func send(_ method: String, _ path: String, _ body: JSON?) async throws -> JSON {
        let headers = [
            (name: "Authorization", value: "Bearer \(token)"), (name: "Content-Type", value: "application/json"),
        ]
        let request = CurlRequest(
            url: "\(base)/api/v1/\(path)",
            kind: .http(method: method, headers: headers, body: body.map { Array($0.description.utf8) }),
            timeout: .seconds(20), responseLimit: 16 << 20)
        let response: CurlResponse
        do {
            response = try await CurlClient().perform(request)
        } catch {
            throw refusal("\(base) can't be reached: \(error)", 69)
        }
        let answer = (try? JSONParser.parse(response.body)) ?? .null
        guard (200..<300).contains(response.status) else {
            throw refusal(
                answer["detail"]?.text ?? "\(base) answered \(response.status).", response.status >= 500 ? 69 : 65)
        }
        return answer
    }
}
