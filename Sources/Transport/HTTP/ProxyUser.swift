internal import Domain
internal import HTTPTypes
package import Hummingbird

extension Services {
    /// The address of the user for whom a trusted proxy vouches, in lower case. The header of anybody else is ignored.
    package func vouchedAddress(_ request: Request, _ context: RouteContext) -> String? {
        guard let header = settings.proxyUserHeader.flatMap({ HTTPField.Name($0) }),
            settings.isTrustedProxy(context.peer ?? "unix"),
            let value = request.headers[header]?.trimmingBlanks().lowercased(), !value.isEmpty
        else { return nil }
        return value
    }
}
