internal import Actors
internal import Domain
internal import Hummingbird
internal import Transport

/// Adds and verifies contact methods: in the user's profile, for another user, and in the setup.
extension WebRequest {
    /// Adds the typed contact method.
    ///
    /// - Returns: the contact method, or its faults.
    func addMethod(for user: UserID) async -> (ContactMethod?, [FieldFault]) {
        guard let channel = Channel(rawValue: form["channel"]) else {
            return (nil, [FieldFault("channel", "Choose one.")])
        }
        let read = channel.definition.address.read(
            form["address"], of: configuration.users[user], services.settings.numbers)
        if let fault = read.fault { return (nil, [FieldFault("address", fault)]) }
        let method = ContactMethod(
            id: services.configurator.identifiers.next(), userID: user, channel: channel,
            address: read.address, label: form["label"].trimmingBlanks())
        // The fault of too many contact methods appears at the address field.
        let faults = await save(["user_id": "address"]) { _ in [.save(method)] }
        return (faults.isEmpty ? method : nil, faults)
    }

    /// Sends a code and redirects to a web page that says so.
    func sendCode(to method: ContactMethod, from path: Path) async throws -> Response {
        do {
            try await services.verification.send(to: method.id)
        } catch .tooMany {
            return go(to: path, saying: APIProblem(.tooMany).detail, isBad: true)
        } catch .tooSoon {
            let words = "A code was sent a moment ago. Wait half a minute before the next one."
            return go(to: path, saying: words, isBad: true)
        } catch {
            throw APIProblem(error)
        }
        return go(
            to: path,
            saying: "A code is on its way to \(method.channel.shown(method.address)). It expires in 15 minutes.")
    }

    /// Sends a test page and redirects to a web page that says so.
    func test(_ method: ContactMethod, from path: Path, saying text: String) async throws -> Response {
        do {
            try await services.verification.test(method)
        } catch {
            switch error {
            case .tooMany, .unverified: return go(to: path, saying: APIProblem(error).detail, isBad: true)
            case .missing, .tooSoon, .wrongCode, .configuration, .unavailable: throw APIProblem(error)
            }
        }
        return go(to: path, saying: text)
    }

    /// Checks the typed code.
    ///
    /// - Returns: the fault of the code, or nil if it was right.
    func confirm(_ method: ContactMethod) async throws -> FieldFault? {
        do {
            try await services.verification.confirm(method.id, code: form["code"], by: author)
            return nil
        } catch .wrongCode {
            return FieldFault("code", "It is wrong, has expired, or was tried too often. Request a new one.")
        } catch {
            throw APIProblem(error)
        }
    }
}
