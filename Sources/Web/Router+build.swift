internal import Domain
package import Hummingbird
package import Transport

/// Builds all routes of PagerPal, each with its access.
package func buildRoutes(_ services: Services) -> (router: Router<RouteContext>, paths: KnownPaths) {
    let frame = { @Sendable in Frame(assets: Asset.frame, reader: Reader(now: services.time.now(), timeZone: "UTC")) }
    let routes = RouteTable(services: services) { problem in
        .page(frame().html(ErrorView(title: problem.title, explanation: problem.detail)), status: problem.status)
    }
    routes.addMachineRoutes()
    routes.addPages()
    return (routes.router, routes.paths)
}

extension RouteTable {
    /// Adds the web pages.
    fileprivate func addPages() {
        AssetRoutes().add(to: self)
        AcknowledgementRoutes(services: services).add(to: self)
        AccountRoutes(services: services).add(to: self)
        CompanyRoutes(services: services).add(to: self)
        FactorRoutes(services: services).add(to: self)
        DashboardController(services: services).add(to: self)
        IncidentController(services: services).add(to: self)
        SourceController(services: services).add(to: self)
        NotificationController(services: services).add(to: self)
        OutboxController(services: services).add(to: self)
        AuditController(services: services).add(to: self)
        SettingsController(services: services).add(to: self)
        ProfileController(services: services).add(to: self)
        FactorController(services: services).add(to: self)
        PasskeyController(services: services).add(to: self)
        SecurityController(services: services).add(to: self)
        SetupController(services: services).add(to: self)
        ReportController(services: services).add(to: self)
        HeartbeatController(services: services).add(to: self)
        MaintenanceController(services: services).add(to: self)
        OnCallController(services: services).add(to: self)
        ScheduleController(services: services).add(to: self)
        TeamController(services: services).add(to: self)
        TeamChannelController(services: services).add(to: self)
        WebhookBodyController(services: services).add(to: self)
        UserController(services: services).add(to: self)
        ServiceController(services: services).add(to: self)
        TemplateController(services: services).add(to: self)
        PolicyController(services: services).add(to: self)
        DocumentController(services: services).add(to: self)
        LiveRoutes(services: services).add(to: self)
    }
}
