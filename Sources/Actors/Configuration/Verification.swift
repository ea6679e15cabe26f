internal import Database
package import Domain
internal import Store

/// Verifies that a contact method belongs to its user: the user enters a code that was sent over the real channel.
package struct Verification: Sendable {
    package enum Limits {
        /// How long a code is valid.
        package static let lifetime: Duration = .minutes(15)
        /// After this many wrong codes, the user must request a new one.
        package static let tries = 5
        /// The shortest time between two codes to one contact method.
        package static let pause: Duration = .seconds(30)
        /// How many codes and test pages a person may get in a day, over all contact methods together.
        package static let codesPerDay = 10
        package static let testsPerDay = 20
    }

    /// Why no code was sent or no contact method was verified.
    package enum Fault: Error, Sendable, Hashable {
        case missing
        /// A code was sent less than ``Limits/pause`` ago.
        case tooSoon
        /// A person had ``Limits/codesPerDay`` codes or ``Limits/testsPerDay`` tests in the last 24 hours.
        case tooMany
        /// Only a verified contact method gets test pages, unless an administrator sends them.
        case unverified
        /// The code is wrong, has expired, or was tried too often.
        case wrongCode
        case configuration(ConfigurationFault)
        case unavailable(String)
    }

    private let context: IncidentContext
    private let configurator: Configurator
    private let pages: PageQueue
    private let codes: VerificationCodes

    package init(context: IncidentContext, configurator: Configurator, pages: PageQueue, keys: KeyGenerator) {
        self.context = context
        self.configurator = configurator
        self.pages = pages
        codes = VerificationCodes(store: context.store, keys: keys, time: context.time)
    }

    /// Sends a new code.
    package func send(to id: ContactMethodID) async throws(Fault) {
        guard let method = context.configuration.current.contactMethods[id] else { throw .missing }
        do {
            guard let code = try await codes.make(for: .contactMethod(id)) else { throw Fault.tooSoon }
            // A voice call reads the code digit by digit.
            let spoken =
                method.channel.definition.form == .speech ? code.map { String($0) }.joined(separator: ", ") : code
            let text =
                "Your PagerPal code is \(spoken). It is valid for 15 minutes. Nobody from PagerPal will ask for it."
            let id = try await pages.queue(.verification(text: text), to: method, atMost: Limits.codesPerDay)
            guard id != nil else { throw Fault.tooMany }
        } catch let fault as Fault {
            throw fault
        } catch {
            throw .unavailable("\(error)")
        }
    }

    /// Sends a test page.
    ///
    /// - Parameter unverifiedToo: whether the contact method need not be verified, for administrators.
    @discardableResult
    package func test(_ method: ContactMethod, unverifiedToo: Bool = false) async throws(Fault) -> PageID {
        let known = context.configuration.current.contactMethods[method.id]
        guard unverifiedToo || known?.verifiedAt != nil else { throw .unverified }
        let id: PageID?
        do {
            id = try await pages.queue(.test, to: method, atMost: Limits.testsPerDay)
        } catch {
            throw .unavailable("\(error)")
        }
        guard let id else { throw .tooMany }
        return id
    }

    /// Checks the code that the user entered. On success the contact method is paged from now on.
    package func confirm(_ id: ContactMethodID, code: String, by author: Author) async throws(Fault) {
        do {
            guard try await codes.accept(code, for: .contactMethod(id)) else { throw Fault.wrongCode }
        } catch let fault as Fault {
            throw fault
        } catch {
            throw .unavailable("\(error)")
        }
        let now = context.time.now()
        do {
            try await configurator.change(by: author) { configuration throws(ConfigurationFault) in
                guard var method = configuration.contactMethods[id] else { throw .missing("such contact method") }
                method.verifiedAt = now
                return [.save(method)]
            }
        } catch {
            throw .configuration(error)
        }
    }
}
