extension CurlClient {
    /// GETs a public Internet address. It never reaches this host or its network and follows no redirects.
    ///
    /// - Parameter limit: the maximum number of bytes in the answer.
    /// - Throws: `.refused` for any status other than 200.
    package func fetch(_ url: String, limit: Int) async throws(CurlError) -> [UInt8] {
        let response = try await perform(
            CurlRequest(
                url: url, kind: .http(method: "GET", headers: [], body: nil), reach: .publicOnly,
                timeout: .seconds(10), responseLimit: limit))
        guard response.status == 200 else {
            throw .refused(status: response.status, reply: String(decoding: response.body.prefix(200), as: UTF8.self))
        }
        return response.body
    }
}
