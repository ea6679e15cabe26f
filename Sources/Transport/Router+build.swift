package import Hummingbird

/// All routes of PagerPal.
package func buildRouter(_ services: Services) -> Router<BasicRequestContext> {
    let routes = RouteTable(allowedOrigins: services.settings.allowedOrigins)
    AlertRoutes(services: services).add(to: routes)
    IncidentRoutes(services: services).add(to: routes)
    NotificationRoutes(services: services).add(to: routes)
    StatusRoutes(services: services).add(to: routes)
    AcknowledgementRoutes(services: services).add(to: routes)
    return routes.router
}
