internal import Domain
internal import Foundation
internal import Providers

extension SettingsReader {
    /// The address to listen on: an IP address or a name of this host.
    mutating func host(_ variable: String, _ standard: String) -> String {
        guard var text = text(variable) else { return standard }
        if text.hasPrefix("[") && text.hasSuffix("]") { text = String(text.dropFirst().dropLast()) }
        let isName = text.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber || $0 == "." || $0 == "-") }
        let isAddress = text.count(where: { $0 == ":" }) >= 2 && text.allSatisfy { $0.isHexDigit || ":.%".contains($0) }
        guard isName || isAddress && (!text.hasSuffix(":") || text.hasSuffix("::")), text.utf8.count <= 253 else {
            fail(variable, "use an address without a port, such as 127.0.0.1, 0.0.0.0 or ::1")
            return standard
        }
        return text
    }

    /// The port to listen on. Kubernetes sets this variable to a URL if a Service has the name `pagerpal`.
    mutating func port(_ variable: String, _ standard: Int) -> Int {
        guard let text = text(variable), text.contains("://") else { return number(variable, standard, in: 0...65535) }
        guard ["tcp://", "udp://", "sctp://"].contains(where: text.hasPrefix) else {
            fail(variable, "use a port from 0 to 65535")
            return standard
        }
        warn(
            variable,
            "it comes from Kubernetes, which names a Service of yours in it; PagerPal listens on \(standard). "
                + "Set \(variable) in the pod, or enableServiceLinks: false.")
        return standard
    }

    /// Origins as browsers send them (https://fetch.spec.whatwg.org/#origin-header), or `*`.
    mutating func origins(_ variable: String) -> [String]? {
        guard let text = text(variable) else { return nil }
        let origins = text.split(separator: ",").map { $0.trimmingBlanks() }.filter { !$0.isEmpty }
        for origin in origins where origin != "*" {
            let hasPath = origin.split(separator: "/", omittingEmptySubsequences: false).count != 3
            if hasPath || !isWebAddress(origin) || origin.lowercased() != origin {
                fail(variable, "“\(origin.prefix(100))” is no origin; write it as https://status.example.com")
            }
        }
        return origins
    }
}
