internal import Crypto
internal import Formats

/// What an authenticator says about itself and the person in front of it (WebAuthn 2, 6.1).
struct AuthenticatorData {
    /// A new credential.
    struct Credential {
        var id: [UInt8]
        /// As it was written, with which it is read again.
        var key: [UInt8]
    }

    private enum Flag {
        static let present: UInt8 = 0x01
        static let verified: UInt8 = 0x04
        static let credential: UInt8 = 0x40
        static let extensions: UInt8 = 0x80
    }

    private enum Length {
        static let head = 37
        static let credentialHead = 18
        static let longestID = 1_023
        static let longest = 8_192
    }

    /// Whether the person proved to be the owner, by a finger, a face or a PIN.
    let isVerified: Bool
    /// How often the authenticator has signed. Always 0 if it does not count.
    let counter: UInt32
    let credential: Credential?

    /// - Throws: a fault if it is damaged, for another site, or nobody was there.
    init(_ bytes: [UInt8], at party: RelyingParty) throws(PasskeyFault) {
        guard (Length.head...Length.longest).contains(bytes.count) else {
            throw PasskeyFault("the authenticator data has \(bytes.count) bytes")
        }
        guard bytes.prefix(32).elementsEqual(SHA256.hash(data: Array(party.id.utf8))) else {
            throw PasskeyFault("it was made for another name than \(party.id)")
        }
        let flags = bytes[32]
        guard flags & Flag.present != 0 else { throw PasskeyFault("nobody touched the authenticator") }
        isVerified = flags & Flag.verified != 0
        counter = bytes[33..<37].reduce(0) { $0 << 8 | UInt32($1) }
        var rest = Array(bytes.dropFirst(Length.head))
        credential = flags & Flag.credential != 0 ? try AuthenticatorData.takeCredential(from: &rest) : nil
        if flags & Flag.extensions != 0 { rest.removeFirst(try AuthenticatorData.map(rest).length) }
        guard rest.isEmpty else { throw PasskeyFault("the authenticator data has more than it says") }
    }

    private static func takeCredential(from rest: inout [UInt8]) throws(PasskeyFault) -> Credential {
        guard rest.count > Length.credentialHead else { throw PasskeyFault("the new credential is cut off") }
        let length = Int(rest[16]) << 8 | Int(rest[17])
        guard (1...Length.longestID).contains(length), rest.count > Length.credentialHead + length else {
            throw PasskeyFault("the id of the new credential has \(length) bytes")
        }
        let id = Array(rest[Length.credentialHead..<Length.credentialHead + length])
        rest.removeFirst(Length.credentialHead + length)
        let key = try map(rest)
        _ = try CredentialKey(key.value)
        defer { rest.removeFirst(key.length) }
        return Credential(id: id, key: Array(rest.prefix(key.length)))
    }

    private static func map(_ bytes: [UInt8]) throws(PasskeyFault) -> (value: CBOR, length: Int) {
        do {
            let found = try CBORReader.readFirst(bytes)
            guard case .map = found.value else { throw PasskeyFault("a map was expected in the authenticator data") }
            return found
        } catch let fault as PasskeyFault {
            throw fault
        } catch {
            throw PasskeyFault("the authenticator data can't be read: \(error)")
        }
    }
}
