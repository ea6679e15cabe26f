internal import Actors
internal import Domain
internal import Hummingbird
internal import Transport

/// Adding and verifying contact methods, for one's own profile, for another person and in the setup.
extension WebRequest {
    /// Adds the contact method that was typed.
    ///
    /// - Returns: the contact method, or what is wrong with it.
    func addMethod(for user: UserID) async -> (ContactMethod?, [FieldFault]) {
        guard let channel = Channel(rawValue: form["channel"]) else {
            return (nil, [FieldFault("channel", "Choose one.")])
        }
        let method = ContactMethod(
            id: services.configurator.identifiers.next(), userID: user, channel: channel,
            address: channel.definition.address.normalized(form["address"]), label: form["label"].trimmingBlanks())
        // A person with too many contact methods sees it beside the address.
        let faults = await save(["user_id": "address"]) { _ in [.save(method)] }
        return (faults.isEmpty ? method : nil, faults)
    }

    /// Sends a code, and goes to a page that says so.
    func sendCode(to method: ContactMethod, from path: Path) async throws -> Response {
        do {
            try await services.verification.send(to: method.id)
        } catch .tooSoon {
            let words = "A code was sent a moment ago. Wait half a minute before the next one."
            return go(to: path, saying: words, isBad: true)
        } catch {
            throw APIProblem(error)
        }
        return go(to: path, saying: "A code is on its way to \(method.address). It is good for 15 minutes.")
    }

    /// Takes the typed code.
    ///
    /// - Returns: what is wrong with the code; nil when it was right.
    func confirm(_ method: ContactMethod) async throws -> FieldFault? {
        do {
            try await services.verification.confirm(method.id, code: form["code"], by: author)
            return nil
        } catch .wrongCode {
            return FieldFault("code", "It is wrong, has expired, or was tried too often. Have a new one sent.")
        } catch {
            throw APIProblem(error)
        }
    }
}
