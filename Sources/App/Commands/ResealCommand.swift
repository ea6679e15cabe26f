internal import Actors
internal import ArgumentParser
internal import Database
internal import Domain
internal import Store
internal import Transport

struct ResealCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "reseal",
        abstract: "Seals second factors with the present SECRET_KEY, after it was changed.",
        discussion: "The key from before must be in SECRET_KEY_PREVIOUS. Nothing is lost if it runs twice.")

    func run() async throws {
        let settings = try await Startup.settings()
        let store = try await Startup.store(settings)
        do {
            let assembly = Assembly(
                settings: settings, database: store.database, secrets: try Startup.secrets(settings), providers: [],
                logger: Startup.logger(settings))
            let done = try await assembly.services.accounts.renewSeals()
            print("\(done.renewed) second factors were sealed anew, \(done.current) had the present key.")
            if done.unreadable > 0 {
                Startup.complain(
                    "\(done.unreadable) were sealed with a third key. Set it as SECRET_KEY_PREVIOUS and run this again, or let "
                        + "their users set them up again.")
                throw ExitCode(78)
            }
            await store.database.close()
        } catch {
            await store.database.close()
            throw error
        }
    }
}
