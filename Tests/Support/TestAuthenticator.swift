package import Crypto
package import CryptoExtras
internal import Foundation

/// An authenticator with one passkey, which makes what browsers bring from real ones (WebAuthn 2, 6).
package struct TestAuthenticator: Sendable {
    package enum Key: Sendable {
        case es256(P256.Signing.PrivateKey)
        case ed25519(Curve25519.Signing.PrivateKey)
        case rs256(_RSA.Signing.PrivateKey)

        /// A new key of 2048 bits.
        package static func rsa() throws -> Key { .rs256(try _RSA.Signing.PrivateKey(keySize: .bits2048)) }
    }

    package enum Flags {
        package static let present: UInt8 = 1
        package static let verified: UInt8 = 4
        package static let credential: UInt8 = 64
        package static let extensions: UInt8 = 128
    }

    package let key: Key
    package var id: [UInt8]
    package var party = "pager.example.com"
    package var origin = "https://pager.example.com"
    package var flags = Flags.present | Flags.verified
    package var counter: UInt32 = 0
    package var crossOrigin = false
    package var handle = ""

    package init(_ key: Key, id: [UInt8] = Array("credential-1".utf8)) {
        self.key = key
        self.id = id
    }

    /// The parts of a form, in Base64 for URLs.
    package typealias Fields = [String: String]

    /// - Parameter publicKey: in place of the right one, in the form of COSE.
    package func create(_ challenge: String, format: String = "none", publicKey: [UInt8]? = nil) -> Fields {
        let length = [UInt8(id.count >> 8), UInt8(id.count & 255)]
        let data =
            head(flags | Flags.credential) + [UInt8](repeating: 0, count: 16) + length + id
            + (publicKey ?? self.publicKey)
        let attestation: [UInt8] =
            [0xa3] + text("fmt") + text(format) + text("attStmt") + [0xa0] + text("authData")
            + [0x59, UInt8(data.count >> 8), UInt8(data.count & 255)] + data
        return [
            "client_data": base64(client("webauthn.create", challenge)), "attestation": base64(attestation),
        ]
    }

    /// - Parameter tampering: changes the authenticator data after it was signed.
    package func get(_ challenge: String, tampering: (inout [UInt8]) -> Void = { _ in }) throws -> Fields {
        let client = client("webauthn.get", challenge)
        var data = head(flags)
        let signed = Data(data) + Data(SHA256.hash(data: client))
        let signature =
            switch key {
            case .es256(let key): Array(try key.signature(for: signed).derRepresentation)
            case .ed25519(let key): Array(try key.signature(for: signed))
            case .rs256(let key):
                Array(
                    try key.signature(for: SHA256.hash(data: signed), padding: .insecurePKCS1v1_5).rawRepresentation)
            }
        tampering(&data)
        return [
            "credential": base64(id), "client_data": base64(client), "authenticator_data": base64(data),
            "signature": base64(signature), "user_handle": handle,
        ]
    }

    /// The public key in the form of COSE.
    package var publicKey: [UInt8] {
        switch key {
        case .es256(let key):
            let point = Array(key.publicKey.x963Representation)
            return [0xa5, 1, 2, 3, 0x26, 0x20, 1, 0x21, 0x58, 32] + point[1..<33] + [0x22, 0x58, 32] + point[33..<65]
        case .ed25519(let key):
            return [0xa4, 1, 1, 3, 0x27, 0x20, 6, 0x21, 0x58, 32] + Array(key.publicKey.rawRepresentation)
        case .rs256(let key):
            guard let parts = try? key.publicKey.getKeyPrimitives() else { return [] }
            let (n, e) = (Array(parts.modulus), Array(parts.publicExponent))
            return [0xa4, 1, 3, 3, 0x39, 1, 0, 0x20, 0x59, UInt8(n.count >> 8), UInt8(n.count & 255)] + n
                + [0x21, 0x40 + UInt8(e.count)] + e
        }
    }

    private func head(_ flags: UInt8) -> [UInt8] {
        Array(SHA256.hash(data: Data(party.utf8))) + [flags] + withUnsafeBytes(of: counter.bigEndian) { Array($0) }
    }

    private func client(_ type: String, _ challenge: String) -> [UInt8] {
        Array(
            #"{"type":"\#(type)","challenge":"\#(challenge)","origin":"\#(origin)","crossOrigin":\#(crossOrigin)}"#.utf8
        )
    }

    private func text(_ text: String) -> [UInt8] { [0x60 + UInt8(text.utf8.count)] + Array(text.utf8) }

    private func base64(_ bytes: [UInt8]) -> String {
        Data(bytes).base64EncodedString().replacing("+", with: "-").replacing("/", with: "_").replacing("=", with: "")
    }
}
