internal import Actors
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Providers
internal import Store

/// GET /metrics for Prometheus: with `METRICS_TOKEN`, from this host, or for everybody if `METRICS_OPEN` says so.
///
/// Values from the database are the same in every process and as old as `MetricsCache` allows. Counters are those of
/// the process that answers.
struct MetricsRoutes: Sendable {
    package let services: Services
    private let cache = MetricsCache()

    package init(services: Services) { self.services = services }

    package func add(to routes: RouteTable) {
        let requests = routes.requests
        routes.on(.get, "/metrics", .proof) { request, context in
            try check(request, context)
            return try await show(requests.counts)
        }
    }

    private func check(_ request: Request, _ context: RouteContext) throws {
        if services.settings.areMetricsOpen { return }
        if let token = services.settings.metricsToken, isSame(token.reveal(), request.credentials ?? "") { return }
        let address = services.address(of: request, context)
        guard isLoopbackAddress(address) || address == "unix" else {
            throw APIProblem(
                .unauthorized, "Not authorized",
                "Send METRICS_TOKEN as Authorization: Bearer …, or ask from this host.",
                headers: [.wwwAuthenticate: "Bearer realm=\"pagerpal\""])
        }
    }

    private func show(_ requests: RequestTally.Counts) async throws -> Response {
        var metrics = Exposition()
        metrics.add(
            "info", .gauge, "The running version.",
            [.init(labels: ["version": services.settings.version], value: 1)])
        let snapshot = try await cache.snapshot(services.store, services.time)
        addIncidents(snapshot.incidents, &metrics)
        addPages(snapshot, &metrics)
        try await addLeases(&metrics)
        addAttempts(services.pages.deliveries.counts, &metrics)
        await addProviders(&metrics)
        let alerts = services.ingest.tally.counts
        metrics.add(
            "alerts_total", .counter, "Alerts that this process received, by result.",
            AlertTally.Outcome.allCases.map {
                .init(labels: ["result": $0.rawValue], value: Double(alerts[$0] ?? 0))
            })
        addRequests(requests, &metrics)
        return Response(
            status: .ok, headers: [.contentType: Exposition.mediaType, .cacheControl: "no-store"],
            body: .init(byteBuffer: ByteBuffer(string: metrics.text)))
    }

    private func addIncidents(_ counts: [Incident.State.Name: Int], _ metrics: inout Exposition) {
        metrics.add(
            "incidents", .gauge, "Incidents by state.",
            Incident.State.Name.allCases.map { .init(labels: ["state": $0.rawValue], value: Double(counts[$0] ?? 0)) })
    }

    private func addPages(_ snapshot: MetricsSnapshot, _ metrics: inout Exposition) {
        let counts = snapshot.pages
        var samples: [Exposition.Sample] = []
        for state in Page.State.allCases {
            for channel in Channel.allCases {
                let count = counts.first { $0.state == state && $0.channel == channel }?.count ?? 0
                samples.append(
                    .init(labels: ["state": state.rawValue, "channel": channel.rawValue], value: Double(count)))
            }
        }
        metrics.add("pages", .gauge, "Pages by state and channel.", samples)
        let delay = snapshot.oldestDue.map { max(.zero, services.time.now() - $0) } ?? .zero
        metrics.add(
            "page_delay_seconds", .gauge, "Time since the oldest waiting page was due.",
            [.init(value: delay.inSeconds)])
        metrics.add(
            "follow_ups", .gauge, "What must still follow a failed page or a changed configuration.",
            [.init(value: Double(snapshot.followUps.count))])
        let age = snapshot.followUps.oldest.map { max(.zero, services.time.now() - $0) } ?? .zero
        metrics.add(
            "follow_up_age_seconds", .gauge, "How long the follow-up has waited that waits longest.",
            [.init(value: age.inSeconds)])
    }

    private func addLeases(_ metrics: inout Exposition) async throws {
        let leases = try await services.store.leaseStatuses()
        func add(_ name: String, _ kind: Exposition.Kind, _ help: String, _ value: (LeaseStatus) -> Double) {
            metrics.add(
                name, kind, help,
                Lease.Duty.allCases.map { duty in
                    .init(labels: ["duty": duty.rawValue], value: leases[duty].map(value) ?? 0)
                })
        }
        add("lease_held", .gauge, "1 if any process performs the duty.") { $0.isHeld ? 1 : 0 }
        add("lease_is_ours", .gauge, "1 if this process performs the duty.") {
            $0.isHeld && $0.holder == services.settings.holder ? 1 : 0
        }
        add("lease_epoch_total", .counter, "Number of times that the duty changed its holder.") { Double($0.epoch) }
        add("lease_remaining_seconds", .gauge, "Time until the lease expires if it is not renewed.") {
            $0.isHeld ? ($0.expiresAt - $0.now).inSeconds : 0
        }
    }

    private func addProviders(_ metrics: inout Exposition) async {
        var (states, messages, running): ([Exposition.Sample], [Exposition.Sample], [Exposition.Sample]) = ([], [], [])
        for provider in services.providers.flatMap(\.vendors) {
            let channel = provider.channels.count == 1 ? provider.channels.first?.rawValue ?? "" : "all"
            let health = await provider.gate.health
            for state in [ProviderHealth.State.ok, .degraded, .failing] {
                states.append(
                    .init(
                        labels: ["provider": provider.name, "channel": channel, "state": state.rawValue],
                        value: health.state == state ? 1 : 0))
            }
            for (result, count) in [("accepted", health.accepted), ("failed", health.failed)] {
                messages.append(
                    .init(
                        labels: ["provider": provider.name, "channel": channel, "result": result], value: Double(count)
                    ))
            }
            running.append(
                .init(labels: ["provider": provider.name, "channel": channel], value: Double(health.running)))
        }
        metrics.add("provider_state", .gauge, "1 for the provider's current state.", states)
        metrics.add(
            "provider_messages_total", .counter, "Delivery attempts of this process, by provider and result.", messages)
        metrics.add("provider_running", .gauge, "Delivery attempts in progress.", running)
    }

    private func addAttempts(_ attempts: [DeliveryTally.Kind: DeliveryTally.Counts], _ metrics: inout Exposition) {
        var samples: [Exposition.Sample] = []
        for (kind, counts) in attempts.sorted(by: { $0.key < $1.key }) {
            let (channel, result) = (kind.channel.rawValue, kind.result)
            for (bound, count) in zip(DeliveryTally.bounds, counts.within) {
                samples.append(
                    .init(
                        suffix: "_bucket", labels: ["channel": channel, "result": result, "le": "\(bound.inSeconds)"],
                        value: Double(count)))
            }
            let labels: KeyValuePairs = ["channel": channel, "result": result]
            samples += [
                .init(
                    suffix: "_bucket", labels: ["channel": channel, "result": result, "le": "+Inf"],
                    value: Double(counts.all)),
                .init(suffix: "_sum", labels: labels, value: counts.time.inSeconds),
                .init(suffix: "_count", labels: labels, value: Double(counts.all)),
            ]
        }
        metrics.add(
            "attempt_duration_seconds", .histogram,
            "Duration of delivery attempts of this process, by channel and result.",
            samples)
    }

    private func addRequests(_ counts: RequestTally.Counts, _ metrics: inout Exposition) {
        metrics.add(
            "http_requests_total", .counter, "Requests that this process has answered.",
            counts.requests.sorted { $0.key < $1.key }.map { kind, count in
                .init(labels: ["method": kind.method, "status": String(kind.status)], value: Double(count))
            })
        let buckets = zip(RequestTally.bounds, counts.within).map { bound, count in
            Exposition.Sample(suffix: "_bucket", labels: ["le": "\(bound.inSeconds)"], value: Double(count))
        }
        metrics.add(
            "http_request_duration_seconds", .histogram, "Duration of requests.",
            buckets + [
                .init(suffix: "_bucket", labels: ["le": "+Inf"], value: Double(counts.all)),
                .init(suffix: "_sum", value: counts.time.inSeconds), .init(suffix: "_count", value: Double(counts.all)),
            ])
    }
}
