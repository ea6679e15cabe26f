internal import Domain
internal import Foundation

/// This PagerPal, as browsers and authenticators know it (WebAuthn 2, 4: relying party).
package struct RelyingParty: Sendable, Hashable {
    /// The host of the base URL. A passkey works under this name only.
    package let id: String
    /// `https://pager.example.com`, as browsers write it.
    package let origin: String

    /// Nil where browsers allow no passkeys: under an address in place of a name, and without TLS except on this host.
    package init?(baseURL: String) {
        guard let parts = URLComponents(string: baseURL), let host = parts.host?.lowercased(), !host.isEmpty,
            IPAddress(host.filter { $0 != "[" && $0 != "]" }) == nil, let scheme = parts.scheme?.lowercased()
        else { return nil }
        let isThisHost = host == "localhost" || host.hasSuffix(".localhost")
        guard scheme == "https" || (scheme == "http" && isThisHost) else { return nil }
        id = host
        let usual = scheme == "https" ? 443 : 80
        origin = "\(scheme)://\(host)" + (parts.port.flatMap { $0 == usual ? nil : ":\($0)" } ?? "")
    }
}
