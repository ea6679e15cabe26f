import Foundation

/// What a provider's server does, well or badly.
enum Situation: String, Sendable, CaseIterable {
    case takesIt, refusesForGood, refusesForNow, asksToSlowDown
    case nobodyListens, silentBeforeTheRequest, speaksNoTLS, unknownCertificate
    case hangsUpAfterTheRequest, silentAfterTheRequest
    case redirect, hugeAnswer, slowAnswer, garbage

    /// The acceptable kinds of receipt.
    var expected: Set<String> {
        switch self {
        case .takesIt: ["accepted"]
        case .refusesForGood, .redirect: ["permanent"]
        case .refusesForNow, .asksToSlowDown: ["temporary"]
        // Nothing was sent, so a retry cannot send twice.
        case .nobodyListens, .silentBeforeTheRequest: ["temporary"]
        // A retry cannot help, and the person's next channel must not wait for it.
        case .speaksNoTLS, .unknownCertificate: ["permanent"]
        // It may have arrived.
        case .hangsUpAfterTheRequest, .silentAfterTheRequest, .hugeAnswer, .slowAnswer: ["unknown"]
        case .garbage: ["temporary", "unknown"]
        }
    }

    /// Whether the server ends the connection, so that no time-out is needed.
    var isPatient: Bool {
        switch self {
        case .silentBeforeTheRequest, .silentAfterTheRequest, .slowAnswer, .garbage: false
        case .takesIt, .refusesForGood, .refusesForNow, .asksToSlowDown, .nobodyListens, .speaksNoTLS,
            .unknownCertificate, .hangsUpAfterTheRequest, .redirect, .hugeAnswer:
            true
        }
    }

    var isTLS: Bool {
        switch self {
        case .silentBeforeTheRequest, .speaksNoTLS, .unknownCertificate: true
        case .takesIt, .refusesForGood, .refusesForNow, .asksToSlowDown, .nobodyListens, .hangsUpAfterTheRequest,
            .silentAfterTheRequest, .redirect, .hugeAnswer, .slowAnswer, .garbage:
            false
        }
    }
}

/// The server side of a provider.
struct Counterpart: Sendable {
    let port: Int
    /// The number of requests received.
    let count: @Sendable () -> Int
    let stop: @Sendable () -> Void

    init(_ situation: Situation, _ provider: ProviderUnderTest) throws {
        if situation == .unknownCertificate {
            let server = try TLSServer()
            (port, count, stop) = (server.port, { 0 }, { server.stop() })
            return
        }
        switch provider.wire {
        case .http:
            let server = StandIn([Counterpart.reply(situation, provider.acceptance)])
            if situation == .nobodyListens { server.stop() }
            (port, count, stop) = (server.port, { server.requests.count }, { server.stop() })
        case .mail:
            let server = MailStandIn(Counterpart.script(situation))
            if situation == .nobodyListens { server.stop() }
            (port, count, stop) = (server.port, { server.mails.count }, { server.stop() })
        }
    }

    private static func reply(_ situation: Situation, _ acceptance: String) -> StandIn.Reply {
        switch situation {
        case .takesIt: .answer(200, body: acceptance)
        case .refusesForGood: .answer(400)
        case .refusesForNow: .answer(503)
        case .asksToSlowDown: .answer(429, headers: ["Retry-After: 7"])
        case .nobodyListens, .silentBeforeTheRequest, .silentAfterTheRequest, .unknownCertificate: .silence
        case .speaksNoTLS, .garbage: .garbage
        case .hangsUpAfterTheRequest: .hangUp
        case .redirect: .answer(302, headers: ["Location: http://127.0.0.1:1/elsewhere"])
        case .hugeAnswer: .huge(200)
        case .slowAnswer: .drip(200)
        }
    }

    private static func script(_ situation: Situation) -> [MailStandIn.Moment: MailStandIn.Action] {
        switch situation {
        case .takesIt, .nobodyListens, .unknownCertificate, .speaksNoTLS: [:]
        case .refusesForGood, .redirect: [.rcpt: .reply("551 5.1.6 moved to <ada@example.net>")]
        case .refusesForNow: [.rcpt: .reply("451 4.7.1 greylisted")]
        case .asksToSlowDown: [.mail: .reply("421 4.7.0 too many mails")]
        case .silentBeforeTheRequest: [.connect: .silence]
        case .hangsUpAfterTheRequest: [.content: .close]
        case .silentAfterTheRequest: [.content: .silence]
        case .hugeAnswer:
            [.content: .reply(String(repeating: "250-" + String(repeating: "x", count: 900) + "\n", count: 500))]
        case .slowAnswer: [.content: .drip]
        case .garbage: [.connect: .reply("SSH-2.0-OpenSSH_9.2")]
        }
    }
}

/// A TLS server with an untrusted certificate.
final class TLSServer: Sendable {
    let port: Int
    private let process: Process

    init() throws {
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "pagerpal-tls-\(UInt32.random(in: 0...UInt32.max))")
        let (certificate, key) = try makeCertificate(in: folder)
        process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["openssl", "s_server", "-accept", "127.0.0.1:0", "-cert", certificate, "-key", key]
        let output = Pipe()
        process.standardOutput = output
        process.standardError = FileHandle.nullDevice
        process.standardInput = Pipe()
        try process.run()
        var text = ""
        var found: Int?
        while found == nil {
            let data = output.fileHandleForReading.availableData
            if data.isEmpty { break }
            text += String(decoding: data, as: UTF8.self)
            found = text.firstMatch(of: /ACCEPT [0-9.]+:([0-9]+)/).flatMap { Int($0.1) }
        }
        port = found ?? 0
    }

    /// SIGTERM does not work, because Foundation starts the process with that signal blocked.
    func stop() { kill(process.processIdentifier, SIGKILL) }
}

/// A self-signed certificate for localhost and its key, as files.
func makeCertificate(in folder: URL) throws -> (certificate: String, key: String) {
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    let certificate = folder.appending(path: "certificate.pem").path()
    let key = folder.appending(path: "key.pem").path()
    let maker = Process()
    maker.executableURL = URL(filePath: "/usr/bin/env")
    maker.arguments = [
        "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost", "-addext",
        "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", key, "-out", certificate,
    ]
    maker.standardError = FileHandle.nullDevice
    try maker.run()
    maker.waitUntilExit()
    return (certificate, key)
}
