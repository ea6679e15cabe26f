internal import Actors
internal import Domain
internal import Hummingbird
internal import Store

/// /api/v1/alert-sources/{id}/subscriptions: the SNS topics that send to a source.
struct SubscriptionRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.get, "/api/v1/alert-sources/{id}/subscriptions", .needs(.read), forTeams: true) { _, context in
            let id = SourceID(context.parameters.get("id") ?? "")
            guard let source = services.configuration.current.sources[id], try context.signedIn.sees(source.teamID)
            else {
                throw APIProblem.notFound("such alert source")
            }
            let subscriptions = try await services.store.subscriptions(of: id)
            return .json(ListAnswer(items: subscriptions.map(SubscriptionAnswer.init), next: nil))
        }
    }
}

/// A subscription in JSON.
struct SubscriptionAnswer: Encodable {
    let topic, state, detail, at: String

    init(_ subscription: SNSSubscription) {
        topic = subscription.topic
        state = subscription.state.rawValue
        detail = subscription.detail
        at = subscription.at.rfc3339
    }
}
