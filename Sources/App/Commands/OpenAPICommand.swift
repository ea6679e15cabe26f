internal import ArgumentParser
internal import Database
internal import Domain
internal import Formats
internal import Logging
internal import Store
internal import Transport
internal import Web

struct OpenAPICommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "openapi", abstract: "Prints the OpenAPI 3.1 document of the API.")

    func run() async throws {
        var settings = Settings()
        settings.providers = []
        let database = try openDatabase(.sqlite(path: ":memory:"))
        let assembly = Assembly(
            settings: settings, database: database, secrets: SecretKeys(Secret(randomKey())), providers: [],
            logger: Logger(label: "pagerpal") { _ in SwiftLogNoOpLogHandler() })
        let entries = buildRoutes(assembly.services).paths.entries
        print(OpenAPI.document(of: entries, version: PagerPal.release, baseURL: settings.baseURL).description)
        await database.close()
    }
}
