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

    /// The state, and for those who may change the monitor the URL for beats, which is a secret. The states are `new`, `up`, `late`, `failed` or `paused`.
    func details(
        of heartbeat: Heartbeat, to caller: Caller, _ configuration: Configuration, _ services: Services
    ) async throws -> [(name: String, value: JSON)] {
        let state = try await services.store.heartbeatState(heartbeat.id)
        let optional = { (instant: Timestamp?) in instant?.json ?? .null }
        let mayChange =
            caller.scope == .write && caller.sees(heartbeat.teamID)
            && configuration.allows(caller.user.id, .configure(heartbeat.teamID))
        let url = "\(services.settings.baseURL)/api/v1/heartbeats/\(heartbeat.token)"
        return [
            ("url", mayChange ? .string(url) : .null),
            ("status", .string(heartbeat.isPaused ? "paused" : state.status.rawValue)),
            ("last_beat_at", optional(state.lastBeatAt)), ("started_at", optional(state.startedAt)),
            ("due_at", optional(state.dueAt)),
        ]
    }
}
