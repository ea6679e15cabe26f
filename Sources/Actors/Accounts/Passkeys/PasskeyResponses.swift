internal import Crypto
internal import Formats
internal import Foundation

/// What a browser brings after it has created a passkey. Texts are Base64 for URLs.
package struct PasskeyCreation: Sendable {
    package var clientData: String
    /// The attestation object. Its statement is not looked at: PagerPal asks for none and trusts none.
    package var attestation: String

    package init(clientData: String, attestation: String) {
        self.clientData = clientData
        self.attestation = attestation
    }

    struct Result {
        var challenge: String
        var credential: AuthenticatorData.Credential
        var counter: UInt32
    }

    /// Checks everything except that the challenge is ours (WebAuthn 2, 7.1).
    func check(at party: RelyingParty) throws(PasskeyFault) -> Result {
        let client = try ClientData(try decoded(clientData, "client data"), of: .creating, at: party)
        let object: CBOR
        do { object = try CBORReader.read(try decoded(attestation, "attestation")) } catch let fault as PasskeyFault {
            throw fault
        } catch {
            throw PasskeyFault("the attestation can't be read: \(error)")
        }
        guard object["fmt"]?.text != nil, let bytes = object["authData"]?.byteString else {
            throw PasskeyFault("the attestation lacks its parts")
        }
        let data = try AuthenticatorData(bytes, at: party)
        guard data.isVerified else { throw PasskeyFault("the authenticator did not verify the person") }
        guard let credential = data.credential else { throw PasskeyFault("it has no new credential") }
        return Result(challenge: client.challenge, credential: credential, counter: data.counter)
    }
}

/// What a browser brings after somebody used a passkey. Texts are Base64 for URLs.
package struct PasskeyAssertion: Sendable {
    package var credential: String
    package var clientData: String
    package var authenticatorData: String
    package var signature: String
    /// Whose passkey the authenticator says it is. Empty from those that keep no such thing.
    package var userHandle: String

    package init(
        credential: String, clientData: String, authenticatorData: String, signature: String, userHandle: String
    ) {
        self.credential = credential
        self.clientData = clientData
        self.authenticatorData = authenticatorData
        self.signature = signature
        self.userHandle = userHandle
    }

    struct Result {
        var challenge: String
        var isVerified: Bool
        var counter: UInt32
    }

    /// Checks everything except the counter and that the challenge is ours (WebAuthn 2, 7.2).
    ///
    /// - Parameters:
    ///   - key: the stored public key, in the form of COSE.
    ///   - handle: what the authenticator was given for the passkey's owner.
    func check(at party: RelyingParty, key: [UInt8], handle: String) throws(PasskeyFault) -> Result {
        guard userHandle.isEmpty || isSameText(userHandle, handle) else {
            throw PasskeyFault("the authenticator says that it belongs to somebody else")
        }
        let clientBytes = try decoded(clientData, "client data")
        let client = try ClientData(clientBytes, of: .getting, at: party)
        let bytes = try decoded(authenticatorData, "authenticator data")
        let data = try AuthenticatorData(bytes, at: party)
        guard let value = try? CBORReader.read(key) else { throw PasskeyFault("the stored public key can't be read") }
        let signed = Data(bytes) + Data(SHA256.hash(data: clientBytes))
        guard try CredentialKey(value).isRight(try decoded(signature, "signature"), of: signed) else {
            throw PasskeyFault("the signature is wrong")
        }
        return Result(challenge: client.challenge, isVerified: data.isVerified, counter: data.counter)
    }
}

private func decoded(_ text: String, _ name: String) throws(PasskeyFault) -> [UInt8] {
    guard text.utf8.count <= CBOR.Limits.bytes * 4 / 3, let data = base64URL(text[...]), !data.isEmpty else {
        throw PasskeyFault("the \(name) is missing, or no Base64")
    }
    return Array(data)
}
