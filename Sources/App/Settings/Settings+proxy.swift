internal import Domain
internal import Providers

extension Settings {
    /// Reads the header in which a trusted proxy names who is signed in there. Nil if `PROXY_USER_HEADER` is not set.
    static func proxyUserHeader(_ reader: inout SettingsReader) -> String? {
        guard let header = reader.text("PROXY_USER_HEADER") else { return nil }
        if header.wholeMatch(of: /[A-Za-z0-9-]+/) == nil {
            reader.fail("PROXY_USER_HEADER", "write the name of a header, such as X-Forwarded-Email")
        }
        let proxies = reader.ranges("TRUSTED_PROXIES") ?? []
        if proxies.isEmpty {
            reader.fail(
                "PROXY_USER_HEADER", "name the proxy in TRUSTED_PROXIES, since the header counts from there only")
        }
        if proxies.contains(where: \.isEverything) {
            reader.fail(
                "PROXY_USER_HEADER",
                "TRUSTED_PROXIES contains every address, so everybody could sign in as anybody; name the proxy alone")
        }
        return header
    }
}
