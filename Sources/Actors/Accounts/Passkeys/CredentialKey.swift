internal import Crypto
internal import CryptoExtras
internal import Formats
internal import Foundation

/// The public key of a passkey, in the form of COSE (RFC 9053, RFC 8812): ES256, EdDSA with Ed25519, or RS256, which is all that
/// many TPMs can do.
enum CredentialKey: Sendable {
    case es256(P256.Signing.PublicKey)
    case ed25519(Curve25519.Signing.PublicKey)
    case rs256(_RSA.Signing.PublicKey)

    /// What COSE calls the algorithms, the preferred one first.
    static let algorithms = [-8, -7, -257]

    private enum Member {
        static let (kind, algorithm, curve, x, y) = (1, 3, -1, -2, -3)
        static let (modulus, exponent) = (-1, -2)
    }

    /// The lengths of a modulus in bytes: 2048 to 4096 bits.
    private static let moduli = 256...512

    /// - Throws: a fault for other algorithms, and for points that are not on the curve.
    init(_ key: CBOR) throws(PasskeyFault) {
        do {
            switch (key[Member.kind]?.integer, key[Member.algorithm]?.integer) {
            case (2, -7):
                let (x, y) = (try CredentialKey.point(key, Member.x), try CredentialKey.point(key, Member.y))
                guard key[Member.curve]?.integer == 1 else { throw PasskeyFault("the public key has another curve") }
                self = .es256(try P256.Signing.PublicKey(x963Representation: [4] + x + y))
            case (1, -8):
                let x = try CredentialKey.point(key, Member.x)
                guard key[Member.curve]?.integer == 6 else { throw PasskeyFault("the public key has another curve") }
                self = .ed25519(try Curve25519.Signing.PublicKey(rawRepresentation: x))
            case (3, -257):
                guard let n = key[Member.modulus]?.byteString, CredentialKey.moduli ~= n.count,
                    let e = key[Member.exponent]?.byteString, 1...8 ~= e.count
                else { throw PasskeyFault("the public key is too short or too long") }
                self = .rs256(try _RSA.Signing.PublicKey(n: n, e: e))
            default: throw PasskeyFault("the public key is for an algorithm that was not offered")
            }
        } catch let fault as PasskeyFault {
            throw fault
        } catch {
            throw PasskeyFault("the public key is no point of its curve, or no key")
        }
    }

    private static func point(_ key: CBOR, _ member: Int) throws(PasskeyFault) -> [UInt8] {
        guard let bytes = key[member]?.byteString, bytes.count == 32 else {
            throw PasskeyFault("the public key lacks a part of its point")
        }
        return bytes
    }

    func isRight(_ signature: [UInt8], of data: Data) -> Bool {
        switch self {
        case .es256(let key):
            guard let signature = try? P256.Signing.ECDSASignature(derRepresentation: signature) else { return false }
            return key.isValidSignature(signature, for: data)
        case .ed25519(let key): return key.isValidSignature(Data(signature), for: data)
        case .rs256(let key):
            return key.isValidSignature(
                .init(rawRepresentation: Data(signature)), for: SHA256.hash(data: data), padding: .insecurePKCS1v1_5)
        }
    }
}
