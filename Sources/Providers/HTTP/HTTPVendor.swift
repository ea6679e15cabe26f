package import Domain

/// A vendor that takes messages over HTTP: how to ask it, and what its answers mean. `HTTPProvider` does everything else.
package protocol HTTPVendor: Sendable {
    /// The name in logs, web pages and metrics: `ntfy`.
    var name: String { get }
    /// The name at the beginning of a sentence: `Telegram`, `The SMS gateway`.
    var title: String { get }
    /// Usually a whole burst may be under way. Then a server that takes two seconds for each message still gets the
    /// sustained rate.
    var limits: ProviderLimits { get }
    /// For one attempt.
    var timeout: Duration { get }
    /// Where its server may be. Addresses that users type must lead to the Internet.
    var reach: CurlRequest.Reach { get }
    /// The settings to check when the vendor refuses the credentials: `Check NTFY_TOKEN.` Nil when the credentials are
    /// part of the recipient's address.
    var advice: String? { get }

    func request(for message: Message) -> VendorRequest

    /// Returns what an answer means where it differs from the usual meaning of its status. Nil when it does not.
    func verdict(on answer: VendorAnswer) -> VendorVerdict?

    /// Returns the vendor's own words about a fault. They need not be free of secrets.
    func words(in answer: VendorAnswer) -> String?

    /// Returns the texts that an answer must not repeat, besides the message's address, link and text.
    var secrets: [String] { get }

    /// Returns how long to wait for a delivery report. Nil when the vendor sends none.
    func reportTimeout(for channel: Channel) -> Duration?

    /// Returns the id by which an accepted post can be edited. Nil when the vendor edits nothing. A vendor that returns
    /// one makes a request that edits of a message with `edits`.
    func postReference(in answer: VendorAnswer) -> String?
}

extension HTTPVendor {
    package var limits: ProviderLimits { ProviderLimits(perSecond: 10, burst: 20, concurrency: 20) }
    package var reach: CurlRequest.Reach { .anywhere }
    package func verdict(on answer: VendorAnswer) -> VendorVerdict? { nil }
    package func words(in answer: VendorAnswer) -> String? { nil }
    package func reportTimeout(for channel: Channel) -> Duration? { nil }
    package func postReference(in answer: VendorAnswer) -> String? { nil }
}

/// What to ask a vendor.
package struct VendorRequest: Sendable {
    package var method: String
    package var url: String
    package var headers: [(name: String, value: String)]
    package var body: [UInt8]?

    package init(_ method: String = "POST", _ url: String, headers: [(String, String)] = [], body: [UInt8]? = nil) {
        self.method = method
        self.url = url
        self.headers = headers.map { (name: $0.0, value: $0.1) }
        self.body = body
    }

    /// A POST of JSON.
    package init(json object: [String: Any], to url: String, headers: [(String, String)] = []) {
        self.init(
            "POST", url, headers: [("Content-Type", "application/json")] + headers, body: RequestBody.json(object))
    }
}

/// What a vendor's answer means.
package enum VendorVerdict: Sendable, Hashable {
    /// - Parameter reference: the vendor's id of the message, if its reports use one.
    case accepted(reference: String?)
    /// It may succeed later. `after` is the pause that the vendor asks for.
    case later(after: Duration?)
    case refused(Fault.Blame)
    /// It can't be told whether the vendor accepted the message.
    case unclear
}
