package import Database
package import Domain
package import Logging
package import Providers
package import Store

extension Engine {
    /// What the engine gets from outside: a real process and a simulation differ in these and in nothing else.
    package struct Dependencies: Sendable {
        /// Makes the providers of pages or of posts, which go by the given time.
        package typealias Providers = @Sendable (TimeSource) -> [any Provider]

        package var database: any Database
        package var identifiers: Identifiers
        package var keys: KeyGenerator
        /// The host's clocks. Once the database's time has been read, it takes precedence.
        package var host: TimeSource
        package var leaseClock: Store.LeaseClock
        package var pageProviders: Providers
        /// Others than those of pages, so that a broken channel of a team takes nothing from a page.
        package var postProviders: Providers
        package var links: Links
        /// Where the updates of the Telegram bot come from. Nil if there is no bot.
        package var telegram: TelegramListener.Source?
        /// Sends answers to people in Slack.
        package var slack: SlackAnswers.Send
        /// Asks an address elsewhere while all is well.
        package var beat: OperatorWatch.Beat?
        /// Another PagerPal elsewhere that is watched.
        package var twin: TwinWatch.Source?
        package var logger: Logger

        package init(
            database: any Database, identifiers: Identifiers, keys: KeyGenerator, host: TimeSource,
            leaseClock: Store.LeaseClock = .database, pageProviders: @escaping Providers,
            postProviders: @escaping Providers, links: Links, telegram: TelegramListener.Source? = nil,
            slack: @escaping SlackAnswers.Send = { _ in }, beat: OperatorWatch.Beat? = nil,
            twin: TwinWatch.Source? = nil, logger: Logger
        ) {
            self.database = database
            self.identifiers = identifiers
            self.keys = keys
            self.host = host
            self.leaseClock = leaseClock
            self.pageProviders = pageProviders
            self.postProviders = postProviders
            self.links = links
            self.telegram = telegram
            self.slack = slack
            self.beat = beat
            self.twin = twin
            self.logger = logger
        }
    }

    /// The URLs in messages.
    package struct Links: Sendable {
        /// Returns a URL that acknowledges a message's incidents without signing in, by the message's id.
        package var acknowledgement: @Sendable (String) -> String
        /// Returns the code in that URL.
        package var code: @Sendable (String) -> String
        /// Returns the URL of an incident's page, by its number.
        package var incident: @Sendable (Int) -> String

        package init(
            acknowledgement: @escaping @Sendable (String) -> String, code: @escaping @Sendable (String) -> String,
            incident: @escaping @Sendable (Int) -> String
        ) {
            self.acknowledgement = acknowledgement
            self.code = code
            self.incident = incident
        }
    }

    /// How the engine works.
    package struct Settings: Sendable {
        package var supervision: Supervisor.Settings
        package var dispatch: Dispatcher.Settings
        package var retention: RetentionPolicy
        /// The name of this host, for what the administrators are told of it.
        package var hostName: String

        package init(
            supervision: Supervisor.Settings, dispatch: Dispatcher.Settings, retention: RetentionPolicy = .usual,
            hostName: String
        ) {
            self.supervision = supervision
            self.dispatch = dispatch
            self.retention = retention
            self.hostName = hostName
        }
    }
}
