internal import Crypto
package import Database
package import Domain
package import Store
internal import Synchronization

/// Keeps the roster in memory, the same for all of this process, and changes it through the store.
package final class ConfigurationCache: Sendable {
    private struct State {
        var configuration = Configuration()
        var sources: [String: SourceID] = [:]
        var heartbeats: [String: HeartbeatID] = [:]
        /// Counts the readings that were begun, and the one whose result is in use.
        var begun = 0
        var adopted = 0
        var onChange: [@Sendable (Configuration, Configuration) -> Void] = []
    }
    private let state = Mutex(State())
    private let store: Store
    /// Whoever shows an unknown key waits for the next look at the database, together with all who came meanwhile: a
    /// flood of wrong keys costs one small query at a time.
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

    /// Calls back with the roster before and after each change, on whichever task noticed it.
    package func onChange(_ body: @escaping @Sendable (Configuration, Configuration) -> Void) {
        state.withLock { $0.onChange.append(body) }
    }

    /// Reads the configuration anew.
    ///
    /// Of two readings at once the one that began later counts. The version itself may go back: a database that failed
    /// over to a replica may have lost the last changes.
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

    /// Reads the configuration anew when another process has changed it.
    package func reloadIfChanged() async throws(DatabaseError) {
        let version = try await store.configurationVersion()
        if version != current.version { try await reload() }
    }

    /// The enabled source with this key; nil for an unknown or disabled one.
    ///
    /// An unknown key may be a new one of another process that we have not heard of yet, so the database is asked.
    package func source(key: String) async throws(DatabaseError) -> AlertSource? {
        let hash = sha256(key)
        if let source = known(hash) { return source.isEnabled ? source : nil }
        try await look()
        guard let source = known(hash), source.isEnabled else { return nil }
        return source
    }

    /// The monitor with this token; an unknown one is looked for as an unknown key is.
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

/// The SHA-256 of a key as lower-case hex: all that is kept of it. Keys are random and long, so no salt is needed.
package func sha256(_ key: String) -> String {
    SHA256.hash(data: Array(key.utf8)).map { byte in
        let digits = String(byte, radix: 16)
        return digits.count == 1 ? "0" + digits : digits
    }.joined()
}
