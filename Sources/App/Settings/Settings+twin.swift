internal import Actors
internal import Domain
internal import Providers
internal import Transport

extension Settings {
    /// Reads the other PagerPal that this one watches. Nil if `TWIN_URL` is not set.
    static func twin(_ reader: inout SettingsReader, isProduction: Bool, baseURL: String) -> TwinWatch.Settings? {
        let (isNamed, url) = (reader.text("TWIN_URL") != nil, reader.address("TWIN_URL"))
        let (token, team) = (reader.text("TWIN_TOKEN"), reader.text("TWIN_TEAM"))
        let seconds = reader.number("TWIN_INTERVAL_SECONDS", 30, in: 1...300)
        let certificates = reader.certificates("TWIN_CA_FILE")
        if !isNamed && (token != nil || team != nil || certificates != nil) {
            reader.fail("TWIN_URL", "set it to the base URL of the other PagerPal, such as https://pager2.example.com")
        }
        guard isNamed else { return nil }
        if let url, !url.hasPrefix("https://"), !isLoopback(url), isProduction || !isPrivate(url) {
            reader.fail(
                "TWIN_URL",
                "use https://, since a token is sent; http:// is for this host, and in development for "
                    + "addresses of private networks")
        }
        if let url, url == baseURL {
            reader.fail("TWIN_URL", "it is this PagerPal's own address; use that of the other one")
        }
        if token == nil {
            reader.fail(
                "TWIN_TOKEN", "set it to a token of the other PagerPal: pagerpal create-token --read-only there")
        }
        if let token, !token.allSatisfy({ $0.isASCII && ($0.isLetter || $0.isNumber || "_-.~+/=".contains($0)) }) {
            reader.fail("TWIN_TOKEN", "it has characters that no token has; copy it again")
        }
        guard let url, let token else { return nil }
        return TwinWatch.Settings(
            url: url, token: Secret(token), team: team, interval: .seconds(seconds), certificates: certificates)
    }

    /// Whether the host of a URL is an address of a private network.
    private static func isPrivate(_ url: String) -> Bool {
        guard let host = hostName(url) else { return false }
        return ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16", "fc00::/7"].contains {
            AddressRange($0)?.contains(host) == true
        }
    }
}

extension TwinWatch.Settings {
    /// The longest answer that is read.
    private static let answerLimit = 256 * 1024

    /// Asks over the network. The operator named the host, so it may be in a private network. Redirects are not followed,
    /// so the token goes nowhere else.
    func fetch(_ client: CurlClient) -> TwinWatch.Fetch {
        let (url, certificates) = (url, certificates)
        return { path, token in
            let headers = token.map { [(name: "Authorization", value: "Bearer \($0.reveal())")] } ?? []
            let answer = try await client.perform(
                CurlRequest(
                    url: url + path, kind: .http(method: "GET", headers: headers, body: nil), reach: .anywhere,
                    timeout: .seconds(10), responseLimit: TwinWatch.Settings.answerLimit,
                    certificates: certificates))
            return TwinAnswer(status: answer.status, body: answer.body)
        }
    }
}
