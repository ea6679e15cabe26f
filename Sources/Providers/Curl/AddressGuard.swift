internal import Domain
internal import Glibc

/// Tells Internet addresses from those of this host and its network. It keeps an address that a user typed from
/// reaching internal services.
package enum AddressGuard {
    /// - Parameters:
    /// - socketAddress: the bytes of a sockaddr_in or sockaddr_in6.
    /// - family: AF_INET or AF_INET6. Anything else is refused.
    static func isPublic(socketAddress bytes: [UInt8], family: Int32) -> Bool {
        guard let address = address(socketAddress: bytes, family: family) else { return false }
        return isPublic(address)
    }

    static func isPublic(_ address: IPAddress) -> Bool {
        address.bytes.count == 4 ? isPublic(v4: address.bytes) : isPublic(v6: address.bytes)
    }

    /// Returns the address in the bytes of a sockaddr_in or sockaddr_in6.
    static func address(socketAddress bytes: [UInt8], family: Int32) -> IPAddress? {
        switch family {
        case AF_INET where bytes.count >= 8: IPAddress(bytes: Array(bytes[4..<8]))
        case AF_INET6 where bytes.count >= 24: IPAddress(bytes: Array(bytes[8..<24]))
        default: nil
        }
    }

    /// Takes four bytes in network order. The ranges are from IANA's special-purpose registry (RFC 6890 and its
    /// updates).
    package static func isPublic(v4 address: [UInt8]) -> Bool {
        guard address.count == 4 else { return false }
        switch (address[0], address[1], address[2]) {
        case (0, _, _), (10, _, _), (127, _, _), (169, 254, _), (192, 168, _), (192, 0, 0), (192, 0, 2), (198, 51, 100),
            (203, 0, 113), (192, 88, 99):
            return false
        case (100, 64...127, _), (172, 16...31, _), (198, 18...19, _), (224...255, _, _): return false
        default: return true
        }
    }

    /// Takes sixteen bytes. An address that embeds an IPv4 address is judged by that address.
    package static func isPublic(v6 address: [UInt8]) -> Bool {
        guard address.count == 16 else { return false }
        let embedded = Array(address[12..<16])
        if address[0..<10].allSatisfy({ $0 == 0 }) && address[10] == 0xff && address[11] == 0xff {
            return isPublic(v4: embedded)
        }
        if address[0..<12].allSatisfy({ $0 == 0 }) { return false }  // ::, ::1 and the old IPv4-compatible form
        if Array(address[0..<4]) == [0x00, 0x64, 0xff, 0x9b] { return isPublic(v4: embedded) }  // NAT64
        if address[0] == 0x20 && address[1] == 0x02 { return isPublic(v4: Array(address[2..<6])) }  // 6to4
        if Array(address[0..<4]) == [0x20, 0x01, 0x0d, 0xb8] || Array(address[0..<4]) == [0x20, 0x01, 0, 0] {
            return false
        }
        // Allow only global unicast. This excludes unique local fc00::/7, link-local fe80::/10 and multicast ff00::/8.
        return address[0] & 0xe0 == 0x20
    }
}
