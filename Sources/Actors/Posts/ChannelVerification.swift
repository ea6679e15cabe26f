internal import Database
package import Domain
internal import Store

/// Verifies that a channel is the team's: somebody of the team enters the code that was posted there.
package struct ChannelVerification: Sendable {
    /// Why nothing was posted, or the channel was not verified.
    package enum Fault: Error, Sendable, Hashable {
        case missing
        /// A code was posted less than `Verification.Limits.pause` ago.
        case tooSoon
        /// The vendor did not accept the message.
        case refused(String)
        case wrongCode
        case configuration(ConfigurationFault)
        case unavailable(String)
    }

    private let context: IncidentContext
    private let configurator: Configurator
    private let poster: ChannelPoster
    private let codes: VerificationCodes

    package init(context: IncidentContext, configurator: Configurator, poster: ChannelPoster, keys: KeyGenerator) {
        self.context = context
        self.configurator = configurator
        self.poster = poster
        codes = VerificationCodes(store: context.store, keys: keys, time: context.time)
    }

    /// Posts a test message with a new code.
    package func send(to id: TeamChannelID) async throws(Fault) {
        guard let channel = context.configuration.current.teamChannels[id] else { throw .missing }
        let made: String?
        do throws(DatabaseError) { made = try await codes.make(for: .teamChannel(id)) } catch {
            throw .unavailable("\(error)")
        }
        guard let code = made else { throw .tooSoon }
        if let reason = await poster.test(code, in: channel) { throw .refused(reason) }
    }

    /// Checks the code. On success incidents are posted from now on.
    package func confirm(_ id: TeamChannelID, code: String, by author: Author) async throws(Fault) {
        let isRight: Bool
        do throws(DatabaseError) { isRight = try await codes.accept(code, for: .teamChannel(id)) } catch {
            throw .unavailable("\(error)")
        }
        guard isRight else { throw .wrongCode }
        let now = context.time.now()
        do throws(ConfigurationFault) {
            try await configurator.change(by: author) { configuration throws(ConfigurationFault) in
                guard var channel = configuration.teamChannels[id] else { throw .missing("such team channel") }
                channel.verifiedAt = now
                return [.save(channel)]
            }
        } catch {
            throw .configuration(error)
        }
    }
}
