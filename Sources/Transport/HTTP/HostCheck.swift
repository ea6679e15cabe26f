internal import Domain
internal import HTTPTypes
package import Hummingbird

extension Services {
    /// Refuses pages to a browser that calls this PagerPal by a foreign name: somebody may have pointed the name of another
    /// site here, so that this site's scripts reach PagerPal (DNS rebinding).
    package func checkHost(of request: Request) throws(APIProblem) {
        guard let host = request.head.authority.flatMap(hostName), !settings.knows(host: host) else { return }
        throw APIProblem(
            .misdirectedRequest, "Unknown name",
            "This PagerPal does not know that it is called \(host.prefix(100)). Set PAGERPAL_BASE_URL to its address, or add the "
                + "name to ALLOWED_HOSTS.")
    }
}

extension Services.Settings {
    /// Whether pages are shown under a name. Only names that somebody else's DNS server could answer have to be listed: not IP
    /// addresses, and not names without a dot.
    func knows(host: String) -> Bool {
        if AddressRange(host) != nil || !host.contains(".") || host.hasSuffix(".localhost") { return true }
        return hosts.contains(host)
    }
}

/// The lower-case name in `name:port`, `[::1]:port` or `https://name:port/path`, or nil if there is none.
package func hostName(_ text: String) -> String? {
    var rest = text[...]
    if let scheme = rest.firstRange(of: "://") { rest = rest[scheme.upperBound...] }
    rest = rest.prefix { $0 != "/" && $0 != "?" && $0 != "#" }
    let name = rest.first == "[" ? rest.dropFirst().prefix { $0 != "]" } : rest.prefix { $0 != ":" }
    let host = (name.last == "." ? name.dropLast() : name).lowercased()
    return host.isEmpty ? nil : host
}
