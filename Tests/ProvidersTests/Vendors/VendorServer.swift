import Domain
import Foundation
import TestSupport

@testable import Providers

/// A request as a vendor's server sees it.
struct VendorCall: Sendable {
    let line: String
    let headers: [String: String]
    let body: String

    init(_ request: String) {
        let parts = request.components(separatedBy: "\r\n\r\n")
        let lines = parts[0].components(separatedBy: "\r\n")
        line = lines[0]
        headers = Dictionary(
            lines.dropFirst().compactMap { line -> (String, String)? in
                guard let colon = line.firstIndex(of: ":") else { return nil }
                return (line[..<colon].lowercased(), line[line.index(after: colon)...].trimmingBlanks())
            }
        ) { first, _ in first }
        body = parts.dropFirst().joined(separator: "\r\n\r\n")
    }

    var path: String { String(line.split(separator: " ")[1]) }
    var json: [String: Any] {
        (try? JSONSerialization.jsonObject(with: Data(body.utf8))) as? [String: Any] ?? [:]
    }
    var form: [String: String] {
        Dictionary(
            body.split(separator: "&").map { pair in
                let sides = pair.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
                return (sides[0].removingPercentEncoding ?? "", sides.last?.removingPercentEncoding ?? "")
            }
        ) { first, _ in first }
    }
}

/// Delivers one message to a server that answers as a vendor documents.
struct VendorTrial {
    var address: String
    var urgency: Urgency = .high
    var subject = "[#1 CRITICAL] Disk <full> & \"hot\""
    var text = "Incident #1, critical, team Ops\nOpened 12:00"
    var speech: Speech?
    var url: String? = "https://pager.example.com/a/1.secret-proof"

    func message(_ channel: Channel) -> Message {
        Message(
            id: "0198c2f4-0000-7000-8000-000000000001", channel: channel, address: address, urgency: urgency,
            subject: subject, shortText: text, text: "t", url: url)
    }

    /// - Parameters:
    ///   - vendor: creates the vendor for a server at a URL.
    ///   - server: the vendor's side.
    func run(
        _ channel: Channel, _ vendor: (String) -> any HTTPVendor,
        server: @escaping @Sendable (VendorCall) -> StandIn.Reply
    ) async -> (receipt: Receipt, calls: [VendorCall]) {
        let standIn = StandIn { server(VendorCall($0)) }
        defer { standIn.stop() }
        let base = "http://127.0.0.1:\(standIn.port)"
        let provider = HTTPProvider(vendor(base), for: channel, client: CurlClient(), time: ManualTime().source)
        var message = message(channel)
        message.speech = speech
        // An address that is a webhook's leads to the stand-in.
        if let path = message.address.firstMatch(of: /^https:\/\/[^\/]+(\/.*)/)?.1 { message.address = base + path }
        let receipt = await provider.deliver(message, mayStillSend: { true })
        return (receipt, standIn.requests.map { VendorCall($0) })
    }
}
