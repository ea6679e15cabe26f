package import Hummingbird
internal import NIOCore

/// The context of a request: Hummingbird's storage and the caller.
package struct RouteContext: RequestContext {
    package var coreContext: CoreRequestContextStorage
    /// The remote address of the connection, or nil for a Unix socket.
    package let peer: String?
    /// The caller whom the route's access check identified.
    var caller: Caller?

    /// The identified caller. Every route that needs a permission has one.
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
