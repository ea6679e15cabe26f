internal import Domain
internal import HTTPTypes
package import Hummingbird

/// What counts as one client: an IPv4 address, or an IPv6 network of 64 bits, which is what one customer gets.
package func networkOfClient(_ address: String) -> String {
    guard let bytes = IPAddress(address)?.bytes else { return address }
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
        guard let client, IPAddress(client) != nil else { return peer }
        return client
    }
}

/// The client of the request that this task answers.
enum CurrentClient {
    @TaskLocal static var address = "unknown"
    /// The address of the user for whom a trusted proxy vouches.
    @TaskLocal static var vouched: String?
}

/// Whether an IP address is one of this host only.
package func isLoopbackAddress(_ address: String) -> Bool {
    ["127.0.0.0/8", "::1"].contains { AddressRange($0)?.contains(address) == true }
}
