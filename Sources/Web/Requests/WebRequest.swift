internal import Actors
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import Store
internal import Transport

/// A request from a signed-in user.
struct WebRequest: BrowserRequest {
    let http: Request
    let context: RouteContext
    let services: Services
    let form: FormInput
    let user: User
    let session: Session
    let frame: Frame

    /// The author of changes made through this request.
    var author: Author { .user(user) }

    func finish(_ response: inout Response) {}

    /// Whether the user has a permission.
    func may(_ permission: Permission) -> Bool { configuration.allows(user.id, permission) }

    /// Throws a 403 if the user lacks a permission.
    func require(_ permission: Permission) throws(APIProblem) {
        guard may(permission) else { throw APIProblem.notAllowed(permission, configuration) }
    }
}

/// A request that needs no signed-in user.
struct GuestRequest: BrowserRequest {
    let http: Request
    let context: RouteContext
    let services: Services
    let form: FormInput
    let frame: Frame
    /// The random value to which the browser's forms are bound.
    let key: String

    func finish(_ response: inout Response) {
        guard http.cookie(.guest, isSecure: services.settings.isCookieSecure) != key else { return }
        response.set(.guest, key, for: nil, isSecure: services.settings.isCookieSecure)
    }
}
