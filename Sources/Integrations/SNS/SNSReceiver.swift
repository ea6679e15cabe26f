package import Domain
internal import Formats

/// What `SNSReceiver` needs from outside.
package protocol SNSContext: Sendable {
    /// Returns the PEM text at an address that has been verified as one of SNS.
    ///
    /// Fetch it through the guarded client, with a short time-out, at most `SNSReceiver.Limits.certificate` bytes and
    /// no redirects.
    func certificate(at url: String) async throws -> [UInt8]

    /// Whether a source has already received a message.
    func hasTaken(_ messageID: String, from source: String) async throws -> Bool

    /// Records that a source received a message, at least until the given instant.
    func remember(_ messageID: String, from source: String, until: Timestamp) async throws
}

/// Why an SNS message was not accepted.
package enum SNSFailure: Error {
    /// It cannot be used or trusted. SNS may drop it.
    case refused(PayloadError)
    /// Whether it can be trusted could not be determined. Answer with 503, so that SNS retries.
    case unavailable(any Error)
}

/// Accepts SNS messages with a valid signature, an allowed topic, a recent time and a new id.
package actor SNSReceiver {
    /// The limits of the receiver.
    package enum Limits {
        /// Certificates kept in memory. SNS has one per region and year.
        package static let certificates = 32
        /// Bytes of a certificate.
        package static let certificate = 16 << 10
    }

    private let surroundings: any SNSContext
    /// By address, the least recently used first.
    private var certificates: [(url: String, certificate: SNSCertificate)] = []

    package init(_ surroundings: any SNSContext) { self.surroundings = surroundings }

    /// Decodes a payload, signed or raw, for a source of the kind `cloudwatch`.
    ///
    /// Empty entries mean that there is nothing to store: answer 200 and do what `request` says. Pass `messageID` to
    /// `remember` once everything else is committed.
    ///
    /// - Parameter source: the id of the alert source. Replays are detected per source.
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
        return Decoded.nothing("The message \(Clean.name(id)) was received before.")
    }

    /// Records a message, so that it is not processed a second time.
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

    /// Returns the certificate at an address, from memory if possible. Its name is a hash of it, so it never changes.
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
