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
    addSite(services, to: routes)
    return (routes.router, routes.paths)
}

/// The pages for people.
private func addSite(_ services: Services, to routes: RouteTable) {
    AssetRoutes().add(to: routes)
    AccountRoutes(services: services).add(to: routes)
    DashboardSite(services: services).add(to: routes)
    IncidentSite(services: services).add(to: routes)
    SourceSite(services: services).add(to: routes)
    NotificationSite(services: services).add(to: routes)
    OutboxSite(services: services).add(to: routes)
    AuditSite(services: services).add(to: routes)
    SettingsSite(services: services).add(to: routes)
    ProfileSite(services: services).add(to: routes)
    SecuritySite(services: services).add(to: routes)
    SetupSite(services: services).add(to: routes)
    ReportSite(services: services).add(to: routes)
    HeartbeatSite(services: services).add(to: routes)
    MaintenanceSite(services: services).add(to: routes)
    OnCallSite(services: services).add(to: routes)
    ScheduleSite(services: services).add(to: routes)
    TeamSite(services: services).add(to: routes)
    UserSite(services: services).add(to: routes)
    PolicySite(services: services).add(to: routes)
    LiveRoutes(services: services).add(to: routes)
}
