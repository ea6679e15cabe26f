package import Database
package import Domain
package import Store
internal import Synchronization

/// Keeps the configuration in memory for the whole process and changes it through the store.
package final class ConfigurationCache: Sendable {
    private struct State {
        var configuration = Configuration()
        var sources: [String: SourceID] = [:]
        var heartbeats: [String: HeartbeatID] = [:]
        /// The number of reads started, and the number of the read whose result is in use.
        var begun = 0
        var adopted = 0
        var onChange: [@Sendable (Configuration, Configuration) -> Void] = []
    }
    private let state = Mutex(State())
    private let store: Store
    /// Requests with unknown keys wait here for the next read of the database and share it. A flood of wrong keys costs
    /// one small query at a time.
    private let looks = Batcher<ConfigurationCache, DatabaseError?>(limit: 10_000) { keepers in
        do throws(DatabaseError) {
            try await keepers[0].reloadIfChanged()
            return keepers.map { _ in nil }
        } catch {
            return keepers.map { _ in error }
        }
    }

    package init(store: Store) { self.store = store }

    package var current: Configuration { state.withLock { $0.configuration } }

    /// Calls `body` with the configuration before and after each change, on the task that noticed the change.
    package func onChange(_ body: @escaping @Sendable (Configuration, Configuration) -> Void) {
        state.withLock { $0.onChange.append(body) }
    }

    /// Reads the configuration from the database.
    ///
    /// Of two concurrent reads, the one that started later wins. The version number may go down: after a failover to
    /// a replica, the database may have lost the last changes.
    package func reload() async throws(DatabaseError) {
        let number = state.withLock { state in
            state.begun += 1
            return state.begun
        }
        let configuration = try await store.configuration()
        let (before, listeners) = state.withLock {
            state -> (Configuration, [@Sendable (Configuration, Configuration) -> Void]) in
            let before = state.configuration
            guard number > state.adopted else { return (before, []) }
            state.adopted = number
            state.configuration = configuration
            state.sources = Dictionary(
                configuration.sources.values.map { ($0.keyHash, $0.id) }, uniquingKeysWith: { first, _ in first })
            state.heartbeats = Dictionary(
                configuration.heartbeats.values.map { ($0.token, $0.id) }, uniquingKeysWith: { first, _ in first })
            return (before, configuration.version != before.version && before.version > 0 ? state.onChange : [])
        }
        for listener in listeners { listener(before, configuration) }
    }

    /// Reads the configuration from the database if another process has changed it.
    package func reloadIfChanged() async throws(DatabaseError) {
        let version = try await store.configurationVersion()
        if version != current.version { try await reload() }
    }

    /// Returns the enabled source with this key, or nil if the key is unknown or the source is disabled.
    ///
    /// Another process may have just created the key, so this reads the database before it rejects a key.
    package func source(key: String) async throws(DatabaseError) -> AlertSource? {
        let hash = sha256(key)
        if let source = known(hash) { return source.isEnabled ? source : nil }
        try await look()
        guard let source = known(hash), source.isEnabled else { return nil }
        return source
    }

    /// The same without asking the database, for requests that are refused anyway.
    package func knownSource(key: String, isEnabled: Bool = true) -> AlertSource? {
        known(sha256(key)).flatMap { $0.isEnabled == isEnabled ? $0 : nil }
    }

    /// Returns the monitor with this token. Like ``source(key:)``, it reads the database before it rejects a token.
    package func heartbeat(token: String) async throws(DatabaseError) -> Heartbeat? {
        if let monitor = known(token: token) { return monitor }
        try await look()
        return known(token: token)
    }

    private func look() async throws(DatabaseError) {
        if let error = await looks.submit(self) { throw error }
    }

    private func known(token: String) -> Heartbeat? {
        state.withLock { state in state.heartbeats[token].flatMap { state.configuration.heartbeats[$0] } }
    }

    private func known(_ hash: String) -> AlertSource? {
        state.withLock { state in state.sources[hash].flatMap { state.configuration.sources[$0] } }
    }
}
