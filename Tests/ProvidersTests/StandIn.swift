import Glibc
import Synchronization

/// An HTTP server for one test: it answers each request with the next of its replies and keeps what it was sent.
final class StandIn: Sendable {
    enum Reply: Sendable {
        case answer(Int, headers: [String] = [], body: String = "")
        /// Closes the connection after the request was read.
        case hangUp
        /// Never answers.
        case silence
        /// Bytes that are neither HTTP nor TLS.
        case garbage
    }

    let port: Int
    private let listener: Int32
    private let kept = Mutex<(replies: [Reply], requests: [String])>(([], []))

    init(_ replies: [Reply]) {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                _ = bind(descriptor, raw, length)
                _ = getsockname(descriptor, raw, &length)
            }
        }
        _ = listen(descriptor, 16)
        listener = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
        kept.withLock { $0.replies = replies }
        var thread = pthread_t()
        let box = Unmanaged.passRetained(self)
        pthread_create(
            &thread, nil,
            { raw in
                if let raw { Unmanaged<StandIn>.fromOpaque(raw).takeRetainedValue().serve() }
                return nil
            }, box.toOpaque())
        pthread_detach(thread)
    }

    /// The requests so far, heads and bodies.
    var requests: [String] { kept.withLock { $0.requests } }

    func stop() { shutdown(listener, Int32(SHUT_RDWR)) }

    private func serve() {
        while true {
            let connection = accept(listener, nil, nil)
            guard connection >= 0 else { break }
            let reply = kept.withLock { $0.replies.isEmpty ? nil : $0.replies.removeFirst() }
            if case .garbage = reply {
                _ = write(connection, "not http\r\n\r\n", 12)
                close(connection)
                continue
            }
            let request = read(connection)
            kept.withLock { $0.requests.append(request) }
            switch reply {
            case .answer(let status, let headers, let body):
                let head =
                    ["HTTP/1.1 \(status) Status", "Content-Length: \(body.utf8.count)", "Connection: close"] + headers
                let text = head.joined(separator: "\r\n") + "\r\n\r\n" + body
                _ = write(connection, text, text.utf8.count)
                close(connection)
            case .silence: break
            case .hangUp, .garbage, nil: close(connection)
            }
        }
        close(listener)
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
    /// The first place of a text in this one.
    func range(of text: String) -> Range<String.Index>? { firstRange(of: text) }
}
