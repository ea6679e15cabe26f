internal import Actors
package import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations

/// A kind of object that the management API creates, reads, updates and deletes.
protocol Resource: Sendable {
    associatedtype Value: Identifiable & Sendable where Value.ID: FieldValue & Comparable & CustomStringConvertible

    /// The last component of its path: `teams`.
    static var path: String { get }
    /// Its name in sentences: `team`.
    static var noun: String { get }
    /// Who may call the changing routes at all. `permissions` then checks the value itself.
    static var door: Access { get }

    /// Returns all values that match the query, in any order.
    func all(_ configuration: Configuration, _ query: Query) throws -> [Value]
    /// A new value with default settings.
    func blank(_ id: Value.ID, _ caller: Caller, _ configuration: Configuration) -> Value
    /// Adds what only PagerPal can create, such as a key.
    ///
    /// - Returns: the resource that encodes the value. It shows a new key once.
    func prepared(_ value: inout Value) -> Self
    /// Reads the request's JSON into a value. A missing member leaves its field unchanged.
    func read(_ json: JSON, into value: inout Value, _ context: FieldContext) throws(ConfigurationFault)
    /// The permissions needed to change `old` into `new`. Nil means that the value does not exist.
    func permissions(from old: Value?, to new: Value?, _ configuration: Configuration) -> [Permission]
    func saving(_ value: Value, _ configuration: Configuration) throws(ConfigurationFault) -> [ConfigurationChange]
    func deleting(_ value: Value, _ configuration: Configuration) throws(ConfigurationFault) -> [ConfigurationChange]
    func answer(_ value: Value, to caller: Caller, _ configuration: Configuration, _ services: Services) async throws
        -> JSON
    /// Refuses a change that the configuration alone can't judge.
    func check(_ value: Value, from old: Value, by caller: Caller, _ services: Services) async throws
    /// Refuses a new value that the configuration alone can't judge.
    func checkNew(by caller: Caller) throws
    /// What people can change of the value. Its hash is the value's version.
    func content(of value: Value, _ configuration: Configuration) -> JSON
    /// Whether a caller may see the value. Most values are visible to everyone.
    func isVisible(_ value: Value, to caller: Caller, _ configuration: Configuration) -> Bool
}

extension Resource {
    func prepared(_ value: inout Value) -> Self { self }

    func check(_ value: Value, from old: Value, by caller: Caller, _ services: Services) async throws {}

    func checkNew(by caller: Caller) throws {}

    /// A token that is bound to teams sees nothing that doesn't say to which team it belongs.
    func isVisible(_ value: Value, to caller: Caller, _ configuration: Configuration) -> Bool { caller.sees(nil) }
}

/// A resource whose values are described once, by their definition.
protocol ConfigurableResource: Resource where Value: Configurable {
    /// Whether a value matches the query. By default `team` selects a team by id or name.
    func matches(_ value: Value, _ query: Query, _ configuration: Configuration) -> Bool
    /// Members that only the API shows, in addition to those of the definition.
    func details(
        of value: Value, to caller: Caller, _ configuration: Configuration, _ services: Services
    ) async throws -> [(name: String, value: JSON)]
}

extension ConfigurableResource {
    static var path: String { Value.definition.path }
    static var noun: String { Value.definition.noun }
    static var door: Access { .needsTeam }

    func all(_ configuration: Configuration, _ query: Query) -> [Value] {
        configuration[keyPath: Value.definition.values].values.filter { matches($0, query, configuration) }
    }

    func isVisible(_ value: Value, to caller: Caller, _ configuration: Configuration) -> Bool {
        caller.sees(Value.definition.team?(value))
    }

    func matches(_ value: Value, _ query: Query, _ configuration: Configuration) -> Bool {
        guard let owner = Value.definition.team, let team = configuration.team(in: query) else { return true }
        return owner(value) == team
    }

    func read(_ json: JSON, into value: inout Value, _ context: FieldContext) throws(ConfigurationFault) {
        try Value.definition.read(json, into: &value, context)
    }

    func permissions(from old: Value?, to new: Value?, _ configuration: Configuration) -> [Permission] {
        Value.definition.permissions(old, new)
    }

    func saving(_ value: Value, _ configuration: Configuration) -> [ConfigurationChange] { [.save(value)] }

    func deleting(_ value: Value, _ configuration: Configuration) throws(ConfigurationFault) -> [ConfigurationChange] {
        try Value.definition.deletion(value, configuration)
    }

    func answer(_ value: Value, to caller: Caller, _ configuration: Configuration, _ services: Services) async throws
        -> JSON
    {
        var object = Value.definition.members(of: value, configuration)
        for (name, json) in try await details(of: value, to: caller, configuration, services) where json != .null {
            object[name] = json
        }
        return .object(object)
    }

    func details(
        of value: Value, to caller: Caller, _ configuration: Configuration, _ services: Services
    ) async throws -> [(name: String, value: JSON)] { [] }

    func content(of value: Value, _ configuration: Configuration) -> JSON {
        .object(Value.definition.members(of: value, configuration))
    }
}

/// The query parameters of a URL.
typealias Query = Parameters

/// The five routes of a resource. A member missing from a PUT or PATCH leaves its field unchanged.
struct ResourceRoutes<Kind: Resource>: Sendable {
    let kind: Kind
    package let services: Services

    /// - Parameter showing: pass false if another route handles GET of a single value.
    package func add(to routes: RouteTable, showing: Bool = true) {
        let path = "/api/v1/\(Kind.path)"
        routes.on(.get, path, .needs(.read), forTeams: true) { request, context in try await list(request, context) }
        routes.on(.post, path, Kind.door, forTeams: true) { request, context in try await create(request, context) }
        if showing {
            routes.on(.get, "\(path)/{id}", .needs(.read), forTeams: true) { request, context in
                try await show(request, context)
            }
        }
        routes.on(.put, "\(path)/{id}", Kind.door, forTeams: true) { request, context in
            try await update(request, context)
        }
        routes.on(.patch, "\(path)/{id}", Kind.door, forTeams: true) { request, context in
            try await update(request, context)
        }
        routes.on(.delete, "\(path)/{id}", Kind.door, forTeams: true) { request, context in
            try await delete(request, context)
        }
    }

    private func list(_ request: Request, _ context: RouteContext) async throws -> Response {
        let caller = try context.signedIn
        let query = request.uri.queryParameters
        let configuration = services.configuration.current
        let limit = try number(query["limit"], "limit", in: 1...200) ?? 50
        let cursor = query["cursor"].flatMap { Kind.Value.ID(json: .string(String($0))) }
        let all = try kind.all(configuration, query).filter { kind.isVisible($0, to: caller, configuration) }
            .sorted { $0.id < $1.id }
        let rest = cursor.map { cursor in all.filter { $0.id > cursor } } ?? all
        var answers: [JSON] = []
        for value in rest.prefix(limit) {
            answers.append(try await kind.answer(value, to: caller, configuration, services))
        }
        let next = rest.count > limit ? rest[limit - 1].id.description : nil
        return .json(.members([("items", .array(answers))], next: next))
    }

    private func show(_ request: Request, _ context: RouteContext) async throws -> Response {
        try await show(request, context, to: try context.signedIn)
    }

    func show(_ request: Request, _ context: RouteContext, to caller: Caller) async throws -> Response {
        let configuration = services.configuration.current
        return try await answer(kind, try find(context, configuration, caller), to: caller, configuration)
    }

    private func answer(
        _ kind: Kind, _ value: Kind.Value, to caller: Caller, _ configuration: Configuration,
        status: HTTPResponse.Status = .ok
    ) async throws -> Response {
        let json = try await kind.answer(value, to: caller, configuration, services)
        var response = Response.json(json, status: status)
        response.headers[.eTag] = EntityTag(of: kind.content(of: value, configuration)).text
        return response
    }

    private func create(_ request: Request, _ context: RouteContext) async throws -> Response {
        let caller = try context.signedIn
        try kind.checkNew(by: caller)
        let body = try await objectBody(of: request)
        let id = Kind.Value.ID(json: .string(services.configurator.identifiers.next(Kind.self).rawValue))
        guard let id else { throw APIProblem.notFound(Kind.noun) }
        var answering = kind
        let make = { (configuration: Configuration) throws -> Kind.Value in
            var value = kind.blank(id, caller, configuration)
            answering = kind.prepared(&value)
            try kind.read(
                configuration.withIDs(body), into: &value,
                FieldContext(
                    configuration, isNew: true, sources: Integrations.rules, timeZone: caller.user.timeZone,
                    numbers: services.settings.numbers))
            for permission in kind.permissions(from: nil, to: value, configuration) {
                try caller.require(permission, configuration)
            }
            return value
        }
        if try DryRun.isWanted(request) { return try await plan(to: caller, make) }
        let (value, configuration) = try await save(by: caller, make)
        return try await answer(answering, value, to: caller, configuration, status: .created)
    }

    private func update(_ request: Request, _ context: RouteContext) async throws -> Response {
        let caller = try context.signedIn
        let body = try await objectBody(of: request)
        let read = { (configuration: Configuration) throws -> (old: Kind.Value, new: Kind.Value) in
            let old = try find(context, configuration, caller)
            try EntityTag(of: kind.content(of: old, configuration)).check(request, Kind.noun)
            var value = old
            try kind.read(
                configuration.withIDs(body), into: &value,
                FieldContext(
                    configuration, isNew: false, sources: Integrations.rules, timeZone: caller.user.timeZone,
                    numbers: services.settings.numbers))
            return (old, value)
        }
        let (before, after) = try read(services.configuration.current)
        try await kind.check(after, from: before, by: caller, services)
        let make = { (configuration: Configuration) throws -> Kind.Value in
            let (old, value) = try read(configuration)
            for permission in kind.permissions(from: old, to: value, configuration) {
                try caller.require(permission, configuration)
            }
            return value
        }
        if try DryRun.isWanted(request) { return try await plan(to: caller, make) }
        let (value, configuration) = try await save(by: caller, make)
        return try await answer(kind, value, to: caller, configuration)
    }

    private func delete(_ request: Request, _ context: RouteContext) async throws -> Response {
        let caller = try context.signedIn
        let decide = { (configuration: Configuration) throws -> [ConfigurationChange] in
            let value = try find(context, configuration, caller)
            try EntityTag(of: kind.content(of: value, configuration)).check(request, Kind.noun)
            for permission in kind.permissions(from: value, to: nil, configuration) {
                try caller.require(permission, configuration)
            }
            return try kind.deleting(value, configuration)
        }
        if try DryRun.isWanted(request) {
            let (now, configuration) = (services.time.now(), services.configuration.current)
            let run = try DryRun(try decide(configuration), on: configuration, at: now)
            return .json(.members(run.members(at: now)))
        }
        try await services.change(by: caller.author, decide)
        return Response(status: .noContent)
    }

    /// Answers what the value would be, and which shifts would change. Nothing is stored.
    private func plan(to caller: Caller, _ make: (Configuration) throws -> Kind.Value) async throws -> Response {
        let (now, configuration) = (services.time.now(), services.configuration.current)
        let value = try make(configuration)
        let run = try DryRun(try kind.saving(value, configuration), on: configuration, at: now)
        let planned = try kind.all(run.after, Query()).first { $0.id == value.id } ?? value
        guard var json = try await kind.answer(planned, to: caller, run.after, services).object else {
            throw APIProblem.notFound(Kind.noun)
        }
        for (name, member) in run.members(at: now) { json[name] = member }
        return .json(.object(json))
    }

    private func save(
        by caller: Caller, _ make: (Configuration) throws -> Kind.Value
    ) async throws -> (Kind.Value, Configuration) {
        var made: Kind.Value?
        let configuration = try await services.change(by: caller.author) { configuration in
            let value = try make(configuration)
            made = value
            return try kind.saving(value, configuration)
        }
        guard let made else { throw APIProblem.notFound(Kind.noun) }
        // Return the stored value: saving a schedule may shift its turns to keep the same people on call.
        let stored = try kind.all(configuration, Query()).first { $0.id == made.id }
        return (stored ?? made, configuration)
    }

    private func find(_ context: RouteContext, _ configuration: Configuration, _ caller: Caller) throws -> Kind.Value {
        let id = context.parameters.get("id") ?? ""
        guard let value = try kind.all(configuration, Query()).first(where: { $0.id.description == id }),
            kind.isVisible(value, to: caller, configuration)
        else { throw APIProblem.notFound("such \(Kind.noun)") }
        return value
    }
}

extension Configuration {
    /// The team in a list's query, by id, number or name. An unknown team gives an empty list.
    func team(in query: Query) -> TeamID? {
        query["team"].map { team(named: String($0))?.id ?? TeamID(String($0)) }
    }
}

extension Services {
    /// Changes the configuration. An error thrown by `decide` is rethrown unchanged.
    @discardableResult
    package func change(by author: Author, _ decide: (Configuration) throws -> [ConfigurationChange]) async throws
        -> Configuration
    {
        var failure: (any Error)?
        do {
            return try await configurator.change(by: author) { configuration throws(ConfigurationFault) in
                do {
                    return try decide(configuration)
                } catch {
                    failure = error
                    throw .missing("change")
                }
            }
        } catch {
            throw failure ?? error
        }
    }

    /// The team that a list's query selects.
    func team(_ query: Query) throws -> TeamID? {
        try query["team"].map { name in
            guard let team = configuration.current.team(named: String(name)) else {
                throw APIProblem.invalid("team", "There is no team “\(name.prefix(100))”.")
            }
            return team.id
        }
    }
}
