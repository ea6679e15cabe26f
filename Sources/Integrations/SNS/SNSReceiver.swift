package import Domain
internal import Formats

/// What `SNSReceiver` needs of the world around it.
package protocol SNSContext: Sendable {
    /// The PEM text at an address that has been found to be one of SNS.
    ///
    /// It must be fetched through the guarded client, with a short time-out, at most `SNSReceiver.Limits.certificate`
    /// bytes and no redirects.
    func certificate(at url: String) async throws -> [UInt8]

    /// Whether a source has taken a message before.
    func hasTaken(_ messageID: String, from source: String) async throws -> Bool

    /// Keeps in mind that a source has taken a message, until the instant given at least.
    func remember(_ messageID: String, from source: String, until: Timestamp) async throws
}

/// Why a message of SNS was not taken.
package enum SNSFailure: Error {
    /// It can't be used, or must not be trusted. SNS may drop it.
    case refused(PayloadError)
    /// It could not be found out whether it is to be trusted. SNS should try again: answer with a 503.
    case unavailable(any Error)
}

/// Takes messages of SNS once their signature is found to be right, their topic to be allowed, their time to be near
/// and their identity to be new.
package actor SNSReceiver {
    /// What the receiver holds at most.
    package enum Limits {
        /// Certificates that are kept; SNS has one per region and year.
        package static let certificates = 32
        /// Bytes of a certificate.
        package static let certificate = 16 << 10
    }

    private let surroundings: any SNSContext
    /// By address, the longest unused first.
    private var certificates: [(url: String, certificate: SNSCertificate)] = []

    package init(_ surroundings: any SNSContext) { self.surroundings = surroundings }

    /// What a payload of a source of the kind `cloudwatch` holds, signed or raw.
    ///
    /// Empty entries mean that there is nothing to store: answer 200 and do what `request` says. `messageID` is to be
    /// given to `remember` once everything else is committed.
    ///
    /// - Parameter source: the alert source's identity, since replays are a matter of one source.
    package func receive(
        _ payload: Payload, options: SourceOptions, source: String
    ) async throws(SNSFailure) -> Decoded {
        let decoded: Decoded
        do {
            if let envelope = try SNSEnvelope(payload) {
                try envelope.check(options, at: payload.receivedAt)
                try await certificate(at: envelope.certificateURL).verify(envelope)
                decoded = try envelope.decoded(payload, options)
            } else {
                decoded = try SNSIntegration().raw(payload, options)
            }
        } catch let error as SNSFailure {
            throw error
        } catch let error as PayloadError {
            throw .refused(error)
        } catch {
            throw .unavailable(error)
        }
        guard let id = decoded.messageID, try await isKnown(id, source) else { return decoded }
        return Decoded.nothing("The message \(Clean.name(id)) was taken before.")
    }

    /// Makes sure that the message is not taken a second time.
    package func remember(_ messageID: String, source: String, at now: Timestamp) async throws {
        try await surroundings.remember(
            messageID, from: source, until: now + SNSEnvelope.oldest + SNSEnvelope.newest)
    }

    private func isKnown(_ id: String, _ source: String) async throws(SNSFailure) -> Bool {
        do {
            return try await surroundings.hasTaken(id, from: source)
        } catch {
            throw .unavailable(error)
        }
    }

    /// The certificate at an address, from memory where it is there: its name is a hash of it, so it never changes.
    private func certificate(at url: String) async throws -> SNSCertificate {
        if let place = certificates.firstIndex(where: { $0.url == url }) {
            let known = certificates.remove(at: place)
            certificates.append(known)
            return known.certificate
        }
        let certificate = try SNSCertificate(pem: try await surroundings.certificate(at: url))
        if !certificates.contains(where: { $0.url == url }) {
            certificates.append((url: url, certificate: certificate))
        }
        if certificates.count > Limits.certificates { certificates.removeFirst() }
        return certificate
    }
}
