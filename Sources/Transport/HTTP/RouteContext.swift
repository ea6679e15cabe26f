package import Hummingbird
internal import NIOCore

/// What travels with a request: besides what Hummingbird needs, who sent it.
package struct RouteContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The address of the other end of the connection; nil for a Unix socket.
    package let peer: String?
    /// Whoever the route's access found, for the handler.
    var caller: Caller?

    /// Whoever the route's access found; every route that needs a permission has somebody.
    var signedIn: Caller {
        get throws {
            guard let caller else { throw APIProblem.wrongToken }
            return caller
        }
    }

    package init(source: ApplicationRequestContextSource) {
        coreContext = CoreRequestContextStorage(source: source)
        peer = source.channel.remoteAddress?.ipAddress
    }
}
