internal import Domain
internal import Formats
internal import Store

/// /api/v1/heartbeats: the monitors.
struct HeartbeatResource: ConfigurableResource {
    let keys: KeyGenerator

    func blank(_ id: HeartbeatID, _ caller: Caller, _ configuration: Configuration) -> Heartbeat {
        Heartbeat(id: id, name: "", teamID: "", rhythm: .every(.zero), token: "")
    }

    func prepared(_ heartbeat: inout Heartbeat) -> HeartbeatResource {
        heartbeat.token = Heartbeat.tokenPrefix + keys.key()
        return self
    }

    /// The URL for beats and the state: `new`, `up`, `late`, `failed` or `paused`.
    func details(
        of heartbeat: Heartbeat, _ configuration: Configuration, _ services: Services
    ) async throws -> [(name: String, value: JSON)] {
        let state = try await services.store.heartbeatState(heartbeat.id)
        let optional = { (instant: Timestamp?) in instant?.json ?? .null }
        return [
            ("url", .string("\(services.settings.baseURL)/api/v1/heartbeats/\(heartbeat.token)")),
            ("status", .string(heartbeat.isPaused ? "paused" : state.status.rawValue)),
            ("last_beat_at", optional(state.lastBeatAt)), ("started_at", optional(state.startedAt)),
            ("due_at", optional(state.dueAt)),
        ]
    }
}
