internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Store
internal import Transport

/// /reports: statistics of the last days or of earlier ones, also as CSV.
struct ReportController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        routes.page(.get, "/reports", .needs(.read)) { request in
            request.show(ReportView(try await model(request)))
        }
        routes.page(.get, "/reports/{file}", .needs(.read), csv)
    }

    private func csv(_ request: WebRequest) async throws -> Response {
        let file = request.parameter("file")
        guard file.hasSuffix(".csv"), let report = Report(rawValue: String(file.dropLast(4))) else {
            throw APIProblem.notFound("such report")
        }
        let text = csvText(ReportView(try await model(request)).table(report))
        return Response(
            status: .ok,
            headers: [
                .contentType: "text/csv; charset=utf-8", .cacheControl: "no-store", .xContentTypeOptions: "nosniff",
                .contentDisposition: "attachment; filename=\"pagerpal-\(report.rawValue).csv\"",
            ], body: .init(byteBuffer: ByteBuffer(string: text)))
    }

    private func model(_ request: WebRequest) async throws -> ReportView.Model {
        let scope = ReportScope(
            days: request.query("days"), until: request.query("until"), team: request.query("team"),
            request.configuration, request.reader)
        // Three concurrent counts, each on its own connection.
        async let tallies = services.store.tallies(ofIncidentsIn: scope.periods.map(\.range), team: scope.team)
        async let people = people(request.configuration, scope)
        async let sources = sources(request.configuration, scope)
        let counted = try await tallies
        let all = counted.reduce(IncidentTally(), +)
        return ReportView.Model(
            filter: FormInput([
                "days": String(scope.span.rawValue), "team": scope.team?.rawValue ?? "",
                "until": scope.until?.description ?? "",
            ]),
            spans: ReportScope.Span.allCases.map { Field.Choice(String($0.rawValue), $0.label) },
            teams: choices(request.configuration.teams.values.map { ($0.id.rawValue, $0.name) }),
            earlier: scope.earlier, later: scope.later,
            periods: zip(scope.periods, counted).map { period, tally in
                .init(
                    name: period.name, first: period.first, last: period.last, bySeverity: tally.bySeverity,
                    timeToAcknowledge: tally.meanTimeToAcknowledge,
                    timeToResolve: tally.meanTimeToResolve)
            },
            timeToAcknowledge: all.meanTimeToAcknowledge, timeToResolve: all.meanTimeToResolve, deleted: all.deleted,
            people: try await people, sources: try await ranked(sources, of: all.count))
    }

    private func people(_ configuration: Configuration, _ scope: ReportScope) async throws -> [ReportView.Person] {
        // There are few time zones but many users, so look each zone up once.
        var clocks: [String: LocalClock] = [:]
        for user in configuration.users.values where clocks[user.timeZone] == nil {
            clocks[user.timeZone] = LocalClock(user.timeZone) ?? .utc
        }
        let hours = try await services.store.pageHours(
            of: configuration.users.mapValues { clocks[$0.timeZone] ?? .utc }, in: scope.range, team: scope.team)
        let people = hours.compactMap { id, hours -> ReportView.Person? in
            guard let user = configuration.users[id], hours.contains(where: { $0 > 0 }) else { return nil }
            return .init(id: id, name: user.name, timeZone: user.timeZone, hours: hours)
        }
        return people.sorted { ($1.hours.reduce(0, +), $0.name) < ($0.hours.reduce(0, +), $1.name) }
    }

    private func sources(
        _ configuration: Configuration, _ scope: ReportScope
    ) async throws -> [ReportView.Source] {
        let names = Dictionary(
            configuration.sources.values.map { ($0.id, $0.name) }
                + configuration.heartbeats.values.map { (SourceID($0.id.rawValue), $0.name) },
            uniquingKeysWith: { first, _ in first })
        let counts = try await services.store.incidentCounts(
            of: names.keys.sorted(), in: scope.range, team: scope.team)
        return counts.compactMap { id, count in
            count > 0 ? names[id].map { .init(id: id, name: $0, count: count) } : nil
        }
    }

    /// Sorts by count. Incidents without a source came from deleted sources.
    private func ranked(_ sources: [ReportView.Source], of all: Int) -> [ReportView.Source] {
        let gone = all - sources.reduce(0) { $0 + $1.count }
        let known = sources + (gone > 0 ? [.init(id: nil, name: "deleted sources", count: gone)] : [])
        return known.sorted { ($1.count, $0.name) < ($0.count, $1.name) }
    }
}

/// Encodes a table as CSV.
func csvText(_ table: ReportTable) -> String {
    let rows = table.rows.map { row in
        row.map { cell in
            switch cell {
            case .text(let text): CSV.field(text)
            case .number(let number, _): String(number)
            case .time(let time): time.map { String($0.components.seconds) } ?? ""
            }
        }
    }
    return ([table.columns.map(CSV.field)] + rows).map(CSV.line).joined()
}
