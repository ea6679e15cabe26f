import Actors
import Database
import Domain
import Formats
import Foundation
import Glibc
import Providers
import Store
import TestSupport
import Testing

@testable import App
@testable import Transport

/// What strangers can make the process hold, read or compute.
@Suite(.serialized)
struct FloodTests {
    @Test func `connections are counted by address, an IPv6 network of 64 bits as one, proxies without a limit`() {
        var limits = ConnectionLimits()
        limits.connections = 5
        limits.connectionsPerAddress = 2
        let count = ConnectionCount(limits: limits, isTrusted: { $0 == "127.0.0.1" })
        #expect(count.enter("2001:db8::1") && count.enter("2001:db8::2") && !count.enter("2001:db8:0:0:9::3"))
        #expect(count.enter("2001:db8:0:1::1"))
        #expect(count.enter("127.0.0.1") && count.enter("127.0.0.1"), "a proxy")
        #expect(!count.enter("127.0.0.1") && !count.enter("192.0.2.1"), "five in all")
        count.leave("2001:db8::1")
        #expect(count.enter("2001:db8::9"))
    }

    @Test(arguments: [
        ("10.0.0.0/8", "10.255.1.2", true), ("10.0.0.0/8", "11.0.0.1", false), ("192.0.2.0/25", "192.0.2.128", false),
        ("192.0.2.7", "192.0.2.7", true), ("192.0.2.7", "::ffff:192.0.2.7", true), ("0.0.0.0/0", "8.8.8.8", true),
        ("0.0.0.0/0", "::1", false), ("2001:db8::/32", "2001:db8:9::1", true),
        ("2001:db8::/33", "2001:db8:8000::1", false),
        ("10.0.0.0/8", "nonsense", false),
    ])
    func `a range contains the addresses of its prefix`(_ range: String, _ address: String, _ expected: Bool) throws {
        let parsed = try #require(AddressRange(range))
        #expect(parsed.contains(address) == expected)
    }

    @Test(arguments: [
        "", "10.0.0", "10.0.0.0/33", "10.0.0.0/-1", "::/129", "10.0.0.0/8/8", "proxy.example.com", "10.0.0.0/+8",
    ])
    func `what is not a range is refused`(_ text: String) { #expect(AddressRange(text) == nil) }

    @Test func `a request whose head or body does not end in time loses its connection`() async throws {
        try await TestApp.run(
            .sqliteMemory,
            settings: { settings in
                settings.connectionLimits.headDeadline = .milliseconds(300)
                settings.connectionLimits.bodyDeadline = .milliseconds(300)
            }
        ) { app in
            // A body that is cut off is logged.
            app.allowErrors()
            for text in [
                "GET /health HTTP/1.1\r\nHost: a\r\nX-Slow: ",
                "POST /login HTTP/1.1\r\nHost: a\r\nContent-Length: 99\r\n\r\nemail=", "",
            ] {
                let connection = try RawConnection(port: app.port, text)
                try await app.waitUntil { connection.hasEnded }
            }
            #expect(try await app.send("GET", "/health/live").status == 200)
        }
    }

    @Test func `a connection over the limit is closed at once`() async throws {
        try await TestApp.run(
            .sqliteMemory,
            settings: { settings in
                settings.trustedProxies = []
                settings.connectionLimits.connectionsPerAddress = 3
            }
        ) { app in
            // Each has a thread of its own, so the last one is not always the last to be counted.
            let connections = try (0..<4).map { _ in try RawConnection(port: app.port, "GET / HTTP/1.1\r\n") }
            try await app.waitUntil { connections.contains { $0.hasEnded } }
            #expect(connections.count { !$0.hasEnded } == 3)
            for connection in connections { connection.close() }
            try await app.waitUntil { (try? await app.send("GET", "/health/live").status) == 200 }
        }
    }

    @Test func `a running instance hashes nothing for a stranger who wants to set it up`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            try await app.assembly.services.accounts.set(Secret("correct horse ada"), of: "ada", by: .system)
            let stranger = Browser(app)
            try await stranger.visit("/login")
            try await stranger.send("/setup", ["name": "", "email": "x", "password": "short"])
            // A fresh instance would explain the faults. This one does not even look at them.
            #expect(await stranger.path == "/login")
        }
    }

    @Test func `too many passwords at a time are answered 503, and places stay for those who are known`() async throws {
        let hasher = PasswordHasher(rounds: 1 << 14, keys: .system)
        let statuses = await withTaskGroup(of: String.self) { group in
            for _ in 0..<60 {
                group.addTask {
                    do {
                        return try await hasher.isRight(Secret("guess"), for: nil, isKnown: false) ? "right" : "wrong"
                    } catch {
                        return "\(apiProblem(from: error).status)"
                    }
                }
            }
            return await group.reduce(into: Set<String>()) { $0.insert($1) }
        }
        #expect(statuses.contains("wrong") && statuses.contains { $0.hasPrefix("503") }, "\(statuses)")
    }

    @Test func `a form that needs no session may be small only, and one without its session is not read`() async throws
    {
        try await TestApp.run(.sqliteMemory) { app in
            let body = "email=" + String(repeating: "a", count: 20_000)
            let stranger = Browser(app)
            let open = try await stranger.request("POST", "/login", body)
            let closed = try await stranger.request("POST", "/profile", body, redirects: 0)
            #expect(open == 413 && closed == 303)
        }
    }
}

/// A connection that sends a part of a request and waits for what the server does.
private final class RawConnection {
    private let socket: Int32
    private var isOpen = true

    init(port: Int, _ text: String) throws {
        socket = Glibc.socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_port = in_port_t(UInt16(port).bigEndian)
        address.sin_addr.s_addr = inet_addr("127.0.0.1")
        let result = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(socket, $0, socklen_t(MemoryLayout<sockaddr_in>.size))
            }
        }
        try #require(result == 0)
        _ = text.withCString { send(socket, $0, strlen($0), Int32(MSG_NOSIGNAL)) }
    }

    /// Whether the server has ended the connection. Reads what came and does not wait.
    var hasEnded: Bool {
        var bytes = [UInt8](repeating: 0, count: 1_024)
        while true {
            let count = recv(socket, &bytes, bytes.count, Int32(MSG_DONTWAIT))
            if count == 0 { return true }
            if count < 0 { return errno == ECONNRESET }
        }
    }

    /// Closes once: the number of a closed socket may belong to another one.
    func close() {
        if isOpen { Glibc.close(socket) }
        isOpen = false
    }

    deinit { close() }
}
