internal import Domain
internal import Formats

/// /api/v1/maintenance-windows: times in which incidents are recorded but held.
struct MaintenanceResource: ConfigurableResource {
    let time: TimeSource

    func blank(_ id: MaintenanceWindowID, _ caller: Caller, _ configuration: Configuration) -> MaintenanceWindow {
        MaintenanceWindow(id: id, name: "", teamID: "", span: .once(from: time.now(), to: time.now()))
    }

    /// Whether the window covers this instant, and until when.
    func details(
        of window: MaintenanceWindow, to caller: Caller, _ configuration: Configuration, _ services: Services
    ) -> [(name: String, value: JSON)] {
        let end = window.end(covering: services.time.now())
        return [("active", .bool(end != nil)), ("active_until", end?.json ?? .null)]
    }
}
