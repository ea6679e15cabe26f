internal import Actors
internal import Domain
internal import HTTPTypes
internal import Hummingbird
internal import Store
internal import Transport

/// A request of somebody who is signed in.
struct WebRequest: BrowserRequest {
    let http: Request
    let context: RouteContext
    let services: Services
    let form: FormInput
    let user: User
    let session: Session
    let frame: Frame

    /// Whoever does something through the pages.
    var author: Author { .user(user) }

    func finish(_ response: inout Response) {}

    /// Whether the visitor may do something.
    func may(_ permission: Permission) -> Bool { configuration.allows(user.id, permission) }

    /// Ends the request with a refusal unless the visitor may do something.
    func require(_ permission: Permission) throws(APIProblem) {
        guard may(permission) else { throw APIProblem.notAllowed(permission, configuration) }
    }
}

/// A request of somebody who is not signed in, or need not be.
struct GuestRequest: BrowserRequest {
    let http: Request
    let context: RouteContext
    let services: Services
    let form: FormInput
    let frame: Frame
    /// The random text that the browser's forms are bound to.
    let key: String

    func finish(_ response: inout Response) {
        guard http.cookie(.guest) != key else { return }
        response.set(.guest, key, for: nil, isSecure: services.settings.isCookieSecure)
    }
}
