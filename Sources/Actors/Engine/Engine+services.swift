package import Domain
package import ServiceLifecycle

extension Engine {
    package typealias LongLived = ServiceGroupConfiguration.ServiceConfiguration

    /// The long-lived tasks, in the order in which they start. They stop in the reverse order.
    ///
    /// - Parameter start: duties begin after this signal. Nil means at once.
    package func services(dutiesAfter start: WakeUp? = nil) -> [LongLived] {
        let clocks = clock.map { [LongLived(service: $0, serviceName: "database clock")] } ?? []
        let watches = watch.map { [LongLived(service: $0, serviceName: "process watch")] } ?? []
        let duties: any Service = start.map { DelayedService(service: supervisor, start: $0) } ?? supervisor
        return clocks + [
            LongLived(service: payloads, serviceName: "payload log"),
            LongLived(service: slackAnswers, serviceName: "answers in Slack"),
            LongLived(service: changeListener, serviceName: "change listener"),
            LongLived(service: recorder, serviceName: "attempt recorder"),
        ] + watches + [LongLived(service: duties, serviceName: "supervisor")]
    }
}

/// A service that starts after a signal.
private struct DelayedService: Service {
    let service: any Service
    let start: WakeUp

    func run() async throws {
        await cancelWhenGracefulShutdown { await start.wait() }
        guard !Task.isCancelled, !Task.isShuttingDownGracefully else { return }
        try await service.run()
    }
}
