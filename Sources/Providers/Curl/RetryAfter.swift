internal import Domain

extension CurlResponse {
    /// Returns how long the server asks to wait (RFC 9110, 10.2.3), given as seconds or a date. Nil when there is no
    /// such header or it makes no sense.
    func retryAfter(at now: Timestamp) -> Duration? {
        guard let text = headers["retry-after"] else { return nil }
        if let seconds = Int(text) { return (0...Int(Int32.max)).contains(seconds) ? .seconds(seconds) : nil }
        return HTTPDate.timestamp(text).map { max(.zero, $0 - now) }
    }
}

/// HTTP dates in the preferred form (RFC 9110, 5.6.7): `Sun, 06 Nov 1994 08:49:37 GMT`.
enum HTTPDate {
    private static let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]

    static func timestamp(_ text: String) -> Timestamp? {
        let words = text.split(separator: " ")
        guard words.count == 6, words[5] == "GMT", let month = months.firstIndex(of: String(words[2])),
            let day = Int(words[1]), (1...31).contains(day), let year = Int(words[3]), (1970...9999).contains(year),
            words[4].count == 8
        else { return nil }
        return Timestamp(rfc3339: "\(year)-\(padded(month + 1))-\(padded(day))T\(words[4])Z")
    }
}
