internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import Store

/// The management API: the five routes of each resource, and the routes that only some resources have.
struct ManagementRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        let sources = SourceResource(keys: services.keys)
        ResourceRoutes(kind: TeamResource(), services: services).add(to: routes)
        ResourceRoutes(kind: TeamChannelResource(), services: services).add(to: routes)
        TeamChannelRoutes(services: services).add(to: routes)
        ResourceRoutes(kind: UserResource(), services: services).add(to: routes)
        ResourceRoutes(kind: ContactMethodResource(), services: services).add(to: routes)
        ResourceRoutes(kind: ScheduleResource(), services: services).add(to: routes)
        ResourceRoutes(kind: OverrideResource(time: services.time), services: services).add(to: routes)
        ResourceRoutes(kind: PolicyResource(), services: services).add(to: routes)
        ResourceRoutes(kind: sources, services: services).add(to: routes)
        ResourceRoutes(kind: HeartbeatResource(keys: services.keys), services: services).add(to: routes, showing: false)
        ResourceRoutes(kind: MaintenanceResource(time: services.time), services: services).add(to: routes)
        ResourceRoutes(kind: MessageTemplateResource(), services: services).add(to: routes)
        MessageTemplateRoutes(services: services).add(to: routes)
        BodyPreviewRoutes(services: services).add(to: routes)
        SourceKeyRoutes(services: services).add(to: routes)
        RuleRoutes(services: services).add(to: routes)
        VerificationRoutes(services: services).add(to: routes)
        TokenRoutes(services: services).add(to: routes)
        OnCallRoutes(services: services).add(to: routes)
        PreviewRoutes(services: services).add(to: routes)
        CalendarRoutes(services: services).add(to: routes)
        AuditRoutes(services: services).add(to: routes)
    }
}
