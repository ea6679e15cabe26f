import Glibc
import Synchronization

/// A scripted mail server for one test. It may behave well or badly. `MailServer` is a real server.
final class MailStandIn: Sendable {
    /// What the client has just done.
    enum Moment: String, Sendable { case connect, ehlo, helo, starttls, auth, mail, rcpt, data, content, quit }

    enum Action: Sendable {
        /// Lines are separated by `\n`.
        case reply(String)
        case replyAfter(Duration, String)
        /// Waits for as many mails. Mails that leave one after the other get no reply.
        case replyOnceReceived(Int, String)
        /// Sends an unfinished line byte by byte, forever.
        case drip
        case close
        /// Never answers.
        case silence
    }

    var port: Int { listener.port }
    private let listener = LoopbackListener()
    private let script: [Moment: Action]
    private let kept = Mutex<(commands: [String], mails: [String])>(([], []))

    init(_ script: [Moment: Action] = [:]) {
        self.script = script
        startThread { [self] in
            while let connection = listener.accept() { startThread { self.serve(connection) } }
        }
    }

    var commands: [String] { kept.withLock { $0.commands } }
    var mails: [String] { kept.withLock { $0.mails } }

    func stop() { listener.stop() }

    private func serve(_ connection: Int32) {
        var reader = LineReader(connection)
        defer { close(connection) }
        guard act(.connect, "220 mail.example.com ESMTP", connection) else { return }
        while let line = reader.next() {
            kept.withLock { $0.commands.append(line) }
            let verb = Moment(rawValue: line.prefix { $0 != " " && $0 != ":" }.lowercased())
            switch verb {
            case .ehlo: guard act(.ehlo, "250-mail.example.com\n250 8BITMIME", connection) else { return }
            case .data:
                guard act(.data, "354 go on", connection) else { return }
                if case .reply = script[.data] { continue }
                var lines: [String] = []
                while let line = reader.next(), line != "." { lines.append(line) }
                kept.withLock { $0.mails.append(lines.joined(separator: "\r\n")) }
                guard act(.content, "250 2.0.0 queued as 12345", connection) else { return }
            case .quit:
                _ = act(.quit, "221 2.0.0 bye", connection)
                return
            case .some(let moment): guard act(moment, "250 2.1.0 ok", connection) else { return }
            case nil: guard send("500 5.5.1 what?", connection) else { return }
            }
        }
    }

    private func act(_ moment: Moment, _ standard: String, _ connection: Int32) -> Bool {
        switch script[moment] ?? .reply(standard) {
        case .reply(let text): return send(text, connection)
        case .replyAfter(let wait, let text):
            usleep(UInt32(wait / .microseconds(1)))
            return send(text, connection)
        case .replyOnceReceived(let count, let text):
            while kept.withLock({ $0.mails.count }) < count { usleep(1_000) }
            return send(text, connection)
        case .drip:
            while send("2", connection, end: "") { usleep(20_000) }
            return false
        case .close: return false
        case .silence:
            var byte: UInt8 = 0
            while read(connection, &byte, 1) > 0 {}
            return false
        }
    }

    private func send(_ text: String, _ connection: Int32, end: String = "\r\n") -> Bool {
        let bytes = Array((text.replacing("\n", with: "\r\n") + end).utf8)
        return Glibc.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL)) == bytes.count
    }
}

/// Reads lines from a connection.
private struct LineReader {
    private let connection: Int32
    private var bytes: [UInt8] = []

    init(_ connection: Int32) { self.connection = connection }

    mutating func next() -> String? {
        var buffer = [UInt8](repeating: 0, count: 4096)
        while true {
            if let end = bytes.firstIndex(of: 10) {
                let line = String(decoding: bytes[..<end].filter { $0 != 13 }, as: UTF8.self)
                bytes.removeSubrange(...end)
                return line
            }
            let count = read(connection, &buffer, buffer.count)
            guard count > 0 else { return nil }
            bytes += buffer[..<count]
        }
    }
}

/// Blocking sockets need their own threads. In tasks they would hold up other tests.
func startThread(_ body: @escaping @Sendable () -> Void) {
    final class Box: Sendable {
        let body: @Sendable () -> Void
        init(_ body: @escaping @Sendable () -> Void) { self.body = body }
    }
    var thread = pthread_t()
    pthread_create(
        &thread, nil,
        { raw in
            if let raw { Unmanaged<Box>.fromOpaque(raw).takeRetainedValue().body() }
            return nil
        }, Unmanaged.passRetained(Box(body)).toOpaque())
    pthread_detach(thread)
}
