import Glibc
import Synchronization

/// A scripted HTTP server for one test. It answers each request with its next reply and keeps the requests.
final class StandIn: Sendable {
    enum Reply: Sendable {
        case answer(Int, headers: [String] = [], body: String = "")
        case answerAfter(Duration, Int, body: String = "")
        /// A status, then a body that continues slowly forever.
        case drip(Int)
        /// A status and a body of two megabytes.
        case huge(Int)
        /// Closes the connection after it has read the request.
        case hangUp
        /// Answers, then closes the connection after it has read one more request.
        case answerOnce(Int)
        /// Never answers.
        case silence
        /// Bytes that are neither HTTP nor TLS.
        case garbage
    }

    var port: Int { listener.port }
    private let listener = LoopbackListener()
    private let kept = Mutex<(replies: [Reply], requests: [String])>(([], []))
    private let server: (@Sendable (String) -> Reply)?

    init(_ replies: [Reply]) {
        server = nil
        kept.withLock { $0.replies = replies }
        startThread { [self] in serve() }
    }

    /// - Parameter server: answers each request by what it says.
    init(_ server: @escaping @Sendable (String) -> Reply) {
        self.server = server
        startThread { [self] in serve() }
    }

    /// The requests so far, with head and body.
    var requests: [String] { kept.withLock { $0.requests } }

    func stop() { listener.stop() }

    private func serve() {
        while let connection = listener.accept() {
            let reply = kept.withLock { $0.replies.isEmpty ? nil : $0.replies.removeFirst() }
            if case .garbage = reply {
                send("not http\r\n\r\n", connection)
                close(connection)
                continue
            }
            let request = read(connection)
            kept.withLock { $0.requests.append(request) }
            answer(server.map { $0(request) } ?? reply, connection)
        }
    }

    private func answer(_ reply: Reply?, _ connection: Int32) {
        switch reply {
        case .answer(let status, let headers, let body):
            let head =
                ["HTTP/1.1 \(status) Status", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers
            send(head.joined(separator: "\r\n") + "\r\n\r\n" + body, connection)
            close(connection)
        case .answerAfter(let wait, let status, let body):
            usleep(UInt32(wait / .microseconds(1)))
            answer(.answer(status, body: body), connection)
        case .drip(let status):
            send("HTTP/1.1 \(status) Status\r\nContent-Length: 1000000\r\n\r\n", connection)
            startThread {
                while self.send("x", connection) { usleep(20_000) }
                close(connection)
            }
        case .huge(let status): answer(.answer(status, body: String(repeating: "x", count: 2 << 20)), connection)
        case .answerOnce(let status):
            send("HTTP/1.1 \(status) Status\r\nContent-Length: 0\r\n\r\n", connection)
            let request = read(connection)
            kept.withLock { $0.requests.append(request) }
            close(connection)
        case .silence: break
        case .hangUp, .garbage, nil: close(connection)
        }
    }

    @discardableResult
    private func send(_ text: String, _ connection: Int32) -> Bool {
        let bytes = Array(text.utf8)
        var sent = 0
        while sent < bytes.count {
            let count = bytes[sent...].withUnsafeBytes {
                Glibc.send(connection, $0.baseAddress, $0.count, Int32(MSG_NOSIGNAL))
            }
            guard count > 0 else { return false }
            sent += count
        }
        return true
    }

    private func read(_ connection: Int32) -> String {
        var bytes: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 65536)
        while true {
            let count = Glibc.read(connection, &buffer, buffer.count)
            guard count > 0 else { break }
            bytes += buffer[0..<count]
            let text = String(decoding: bytes, as: UTF8.self)
            guard let end = text.range(of: "\r\n\r\n") else { continue }
            let length = text.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            let expected = length.flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) } ?? 0
            if text[end.upperBound...].utf8.count >= expected { break }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension String {
    /// Returns the first position of a text in this one.
    func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
