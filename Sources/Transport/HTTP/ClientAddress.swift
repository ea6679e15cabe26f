internal import Domain
internal import Glibc
internal import HTTPTypes
package import Hummingbird

/// A range of addresses like `10.0.0.0/8`, or a single address.
package struct AddressRange: Sendable, Hashable {
    private let bytes: [UInt8]
    private let bits: Int

    /// Returns nil unless the text is an IPv4 or IPv6 address, with or without the length of a prefix.
    package init?(_ text: String) {
        let parts = text.split(separator: "/", omittingEmptySubsequences: false)
        guard parts.count <= 2, let bytes = addressBytes(String(parts[0])) else { return nil }
        self.bytes = bytes
        guard parts.count == 2 else {
            bits = bytes.count * 8
            return
        }
        guard let bits = Int(parts[1]), (0...bytes.count * 8).contains(bits), parts[1].allSatisfy(\.isNumber) else {
            return nil
        }
        self.bits = bits
    }

    package func contains(_ address: String) -> Bool {
        guard let other = addressBytes(address), other.count == bytes.count else { return false }
        let whole = bits / 8
        guard bytes.prefix(whole).elementsEqual(other.prefix(whole)) else { return false }
        guard bits % 8 > 0 else { return true }
        let mask = UInt8(truncatingIfNeeded: 0xFF << (8 - bits % 8))
        return bytes[whole] & mask == other[whole] & mask
    }
}

/// The bytes of an IP address, 4 or 16. An IPv4 address that is mapped into IPv6 is that IPv4 address.
private func addressBytes(_ text: String) -> [UInt8]? {
    guard !text.contains("\0") else { return nil }
    var bytes = [UInt8](repeating: 0, count: 16)
    if inet_pton(AF_INET, text, &bytes) == 1 { return Array(bytes.prefix(4)) }
    guard inet_pton(AF_INET6, text, &bytes) == 1 else { return nil }
    let isMapped = bytes.prefix(10).allSatisfy { $0 == 0 } && bytes[10] == 0xFF && bytes[11] == 0xFF
    return isMapped ? Array(bytes.suffix(4)) : bytes
}

/// What counts as one client: an IPv4 address, or an IPv6 network of 64 bits, which is what one customer gets.
package func networkOfClient(_ address: String) -> String {
    guard let bytes = addressBytes(address) else { return address }
    if bytes.count == 4 { return bytes.map { String($0) }.joined(separator: ".") }
    let groups = stride(from: 0, to: 8, by: 2).map { String(UInt16(bytes[$0]) << 8 | UInt16(bytes[$0 + 1]), radix: 16) }
    return groups.joined(separator: ":") + "::/64"
}

extension Services {
    /// The client's address: that of the connection, or the one that a trusted proxy reports.
    package func address(of request: Request, _ context: RouteContext) -> String {
        let peer = context.peer ?? "unix"
        guard settings.isTrustedProxy(peer), let name = HTTPField.Name("X-Forwarded-For"),
            let value = request.headers[name]
        else { return peer }
        // The last address that is not a proxy of ours is the client; what stands before it, the client can invent.
        let chain = value.split(separator: ",").suffix(20).map { $0.trimmingBlanks() }
        let client = chain.last { !settings.isTrustedProxy($0) } ?? chain.first
        guard let client, addressBytes(client) != nil else { return peer }
        return client
    }
}

/// The client of the request that this task answers.
enum CurrentClient {
    @TaskLocal static var address = "unknown"
}

/// Whether an IP address is one of this host only.
package func isLoopbackAddress(_ address: String) -> Bool {
    ["127.0.0.0/8", "::1"].contains { AddressRange($0)?.contains(address) == true }
}
