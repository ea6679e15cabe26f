internal import Database
package import Domain
package import Logging
internal import ServiceLifecycle
package import Store

/// Keeps this process's memory up to date with changes by other processes. On PostgreSQL it uses LISTEN. On SQLite it
/// polls the file's change counter, because there only the command line writes besides this process.
package struct ChangeListener: Service {
    private static let lookInterval: Duration = .seconds(2)

    private let store: Store
    private let configuration: ConfigurationCache
    private let directory: IncidentDirectory
    private let eventBus: EventBus
    private let time: TimeSource
    private let logger: Logger

    package init(
        store: Store, configuration: ConfigurationCache, directory: IncidentDirectory, eventBus: EventBus,
        time: TimeSource,
        logger: Logger
    ) {
        self.store = store
        self.configuration = configuration
        self.directory = directory
        self.eventBus = eventBus
        self.time = time
        self.logger = logger
    }

    package func run() async throws {
        await cancelWhenGracefulShutdown {
            switch store.database.dialect.name {
            case "sqlite": await look()
            default: await listen()
            }
        }
    }

    private func listen() async {
        for await notification in store.database.notifications() {
            switch notification {
            case .payload(let text): if let event = store.event(in: text) { await apply(event) }
            case .reconnected: await catchUp()
            }
        }
    }

    private func apply(_ event: StoreEvent) async {
        switch event {
        case .incidents(let ids): await directory.forget(ids)
        case .configuration(let version): if version != configuration.current.version { await reload() }
        case .pages, .escalation, .heartbeat, .leaseFree, .posts: break
        }
        eventBus.publish(event)
    }

    /// Reads everything again and wakes all tasks, because any announcement may have been missed.
    private func catchUp() async {
        await directory.forgetAll()
        await reload()
        eventBus.publish(.pages(dueAt: time.now()))
        eventBus.publish(.escalation(dueAt: time.now()))
        eventBus.publish(.heartbeat(dueAt: time.now()))
        eventBus.publish(.leaseFree)
        eventBus.publish(.posts)
    }

    private func look() async {
        var known: Int64?
        while !Task.isCancelled {
            do {
                let counter = try await store.database.foreignChangeCounter()
                if known != nil && counter != known { await catchUp() }
                known = counter
            } catch {
                logger.warning("the database's change counter can't be read", metadata: ["error": "\(error)"])
            }
            try? await time.sleep(ChangeListener.lookInterval)
        }
    }

    private func reload() async {
        do {
            try await configuration.reload()
        } catch {
            logger.error("the configuration can't be reloaded", metadata: ["error": "\(error)"])
        }
    }
}
