import Foundation
import Providers

/// Starts smtp_server.py with its own certificate.
final class MailServer {
    struct Mail: Decodable {
        let from: String
        let to: [String]
        let tls: Bool
        let login: String?
        /// The parameters of MAIL FROM, such as `SIZE=1234`.
        let options: [String]
        let content: String
    }

    let mode: CurlRequest.MailTLS
    let port: Int
    let certificate: String
    private let process = Process()
    private let input = Pipe()
    private let output: FileHandle
    private var unread = Data()

    /// The Python that has aiosmtpd, set by scripts/test.
    private static let python = ProcessInfo.processInfo.environment["PAGERPAL_PYTHON"]
    static let isAvailable = python != nil

    init(_ mode: CurlRequest.MailTLS) throws {
        self.mode = mode
        let folder = FileManager.default.temporaryDirectory.appending(
            path: "pagerpal-mail-\(getpid())-\(UInt32.random(in: 0...UInt32.max))")
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
        certificate = folder.appending(path: "certificate.pem").path()
        let key = folder.appending(path: "key.pem").path()
        let maker = Process()
        maker.executableURL = URL(filePath: "/usr/bin/env")
        maker.arguments = [
            "openssl", "req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", "-subj", "/CN=localhost",
            "-addext",
            "subjectAltName=DNS:localhost", "-keyout", key, "-out", certificate,
        ]
        maker.standardError = FileHandle.nullDevice
        try maker.run()
        maker.waitUntilExit()
        let pipe = Pipe()
        output = pipe.fileHandleForReading
        process.executableURL = URL(filePath: MailServer.python ?? "")
        let script = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "smtp_server.py").path()
        process.arguments = [script, certificate, key, mode.rawValue]
        process.standardOutput = pipe
        process.standardInput = input
        try process.run()
        let first = MailServer.line(from: output, &unread)
        port = Int(first.split(separator: " ").last ?? "") ?? 0
    }

    /// Returns the next mail that the server received.
    func nextMail() throws -> Mail {
        try JSONDecoder().decode(Mail.self, from: Data(MailServer.line(from: output, &unread).utf8))
    }

    /// The server ends when its input ends.
    func stop() {
        try? input.fileHandleForWriting.close()
        process.terminate()
        process.waitUntilExit()
    }

    private static func line(from handle: FileHandle, _ unread: inout Data) -> String {
        while !unread.contains(10) {
            let data = handle.availableData
            if data.isEmpty { break }
            unread += data
        }
        let end = unread.firstIndex(of: 10) ?? unread.endIndex
        let line = String(decoding: unread[unread.startIndex..<end], as: UTF8.self)
        unread = Data(unread[min(end + 1, unread.endIndex)...])
        return line
    }
}
