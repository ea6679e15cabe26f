internal import Actors
internal import ArgumentParser
internal import Database
internal import Domain
internal import Foundation
internal import Logging
internal import NIOCore
internal import Store
internal import Transport

struct ServeCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "serve", abstract: "Serves, escalates and dispatches until SIGTERM.")

    @Flag(name: .customLong("no-migrate"), help: "Do not migrate the schema. Refuse to start if it is out of date.")
    var skipsMigration = false

    func run() async throws {
        Startup.beginServing()
        let settings = try await Startup.settings()
        // Four event loops carry far more than a pager gets; more would only take memory and files.
        NIOSingletons.groupLoopCountSuggestion = min(System.coreCount, 4)
        let logger = Startup.logger(settings)
        let store = try await Startup.store(
            settings, migrates: !skipsMigration, patience: Startup.serverPatience)
        let assembly = Assembly(
            settings: settings, database: store.database, secrets: try Startup.secrets(settings), logger: logger)
        if let fault = OpenFiles.fault(limit: OpenFiles.raiseLimit(), open: OpenFiles.count()) {
            Startup.complain(fault)
            throw ExitCode(78)
        }
        try await assembly.engine.clock?.read()
        let replicas = try await store.asynchronousReplicas()
        if replicas > 0 {
            logger.warning(
                "replication is asynchronous: a failover may lose accepted alerts; set synchronous_standby_names",
                metadata: ["replicas": "\(replicas)"])
        }
        try await assembly.configuration.reload()
        logger.info(
            "starting",
            metadata: [
                "version": "\(PagerPal.release)", "database": "\(settings.database.redacted)",
                "sending": "\(settings.isSendingEnabled ? "enabled" : "disabled: pages are withheld")",
            ])
        do {
            try await assembly.run(host: settings.host, port: settings.port) { port in
                logger.info("serving", metadata: ["address": "\(settings.localURL(port: port))"])
                guard (try? await store.isFresh()) == true else { return }
                logger.notice(
                    "nobody can sign in yet; set PagerPal up at this address, or with: pagerpal create-admin",
                    metadata: [
                        "address": "\(settings.baseURL)/setup?code=\(assembly.services.requestTokens.setUpCode)"
                    ])
            }
        } catch {
            throw Startup.refusal(of: error, settings)
        }
    }
}

struct MigrateCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "migrate", abstract: "Migrates the database's schema.")

    @Flag(help: "Change nothing. Exit with 1 if the schema is out of date.")
    var check = false

    func run() async throws {
        let settings = try await Startup.settings()
        guard check else {
            let store = try await Startup.store(settings, patience: Startup.serverPatience)
            print("The schema of \(settings.database.redacted) is up to date.")
            return await store.database.close()
        }
        do {
            let database = try openDatabase(settings.database)
            switch try await Store(database: database, identifiers: .uuids(time: .system)).schemaState() {
            case .current(let number): print("The schema is at \(number), which is up to date.")
            case .behind(let has, let needs):
                Startup.complain("The schema is at \(has) and must be at \(needs). Run: pagerpal migrate")
                throw ExitCode(1)
            case .ahead(let has, let knows):
                Startup.complain("The schema is at \(has), but this PagerPal supports only \(knows).")
                throw ExitCode(1)
            }
        } catch let error as DatabaseError {
            Startup.complain("\(settings.database.redacted): \(error)")
            throw ExitCode(69)
        }
    }
}
