package import Hummingbird

/// All routes of PagerPal, and who may use them.
package func buildRoutes(_ services: Services) -> (router: Router<RouteContext>, paths: KnownPaths) {
    let routes = RouteTable(services: services)
    AlertRoutes(services: services).add(to: routes)
    PagerDutyRoutes(services: services).add(to: routes)
    OpsgenieRoutes(services: services).add(to: routes)
    PayloadRoutes(services: services).add(to: routes)
    SubscriptionRoutes(services: services).add(to: routes)
    BeatRoutes(services: services).add(to: routes)
    IncidentRoutes(services: services).add(to: routes)
    NotificationRoutes(services: services).add(to: routes)
    ManagementRoutes(services: services).add(to: routes)
    StatusRoutes(services: services).add(to: routes)
    MetricsRoutes(services: services).add(to: routes)
    AcknowledgementRoutes(services: services).add(to: routes)
    addWeb(services, to: routes)
    return (routes.router, routes.paths)
}

/// The pages for people.
private func addWeb(_ services: Services, to routes: RouteTable) {
    AssetRoutes().add(to: routes)
    AccountRoutes(services: services).add(to: routes)
    DashboardController(services: services).add(to: routes)
    IncidentController(services: services).add(to: routes)
    SourceController(services: services).add(to: routes)
    NotificationController(services: services).add(to: routes)
    OutboxController(services: services).add(to: routes)
    AuditController(services: services).add(to: routes)
    SettingsController(services: services).add(to: routes)
    ProfileController(services: services).add(to: routes)
    SecurityController(services: services).add(to: routes)
    SetupController(services: services).add(to: routes)
    ReportController(services: services).add(to: routes)
    HeartbeatController(services: services).add(to: routes)
    MaintenanceController(services: services).add(to: routes)
    OnCallController(services: services).add(to: routes)
    ScheduleController(services: services).add(to: routes)
    TeamController(services: services).add(to: routes)
    UserController(services: services).add(to: routes)
    PolicyController(services: services).add(to: routes)
    LiveRoutes(services: services).add(to: routes)
}
