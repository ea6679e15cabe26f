extension RouteTable {
    /// Adds all routes for machines: alerts, the management API, receipts, health, metrics.
    package func addMachineRoutes() {
        AlertRoutes(services: services).add(to: self)
        SenderRoutes(services: services).add(to: self)
        PagerDutyRoutes(services: services).add(to: self)
        OpsgenieRoutes(services: services).add(to: self)
        PayloadRoutes(services: services).add(to: self)
        SubscriptionRoutes(services: services).add(to: self)
        BeatRoutes(services: services).add(to: self)
        IncidentRoutes(services: services).add(to: self)
        NotificationRoutes(services: services).add(to: self)
        SlackRoutes(services: services).add(to: self)
        ManagementRoutes(services: services).add(to: self)
        StatusRoutes(services: services).add(to: self)
        MetricsRoutes(services: services).add(to: self)
        OpenAPIRoutes(services: services).add(to: self)
    }
}
