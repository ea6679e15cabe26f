internal import Foundation
internal import HTTPTypes
internal import Hummingbird

/// The cookies of PagerPal.
package enum CookieName: String {
    /// The key of a session.
    case session = "pagerpal_session"
    /// A random text of a browser where nobody is signed in: its forms are bound to it.
    case guest = "pagerpal_guest"
    /// Proof that the browser has signed in to an account before; it survives signing out.
    case browser = "pagerpal_browser"
    /// What to say on the next page.
    case flash = "pagerpal_flash"
}

extension Request {
    package func cookie(_ name: CookieName) -> String? {
        cookies[name.rawValue]?.value
    }
}

extension Response {
    /// - Parameter length: how long the browser keeps it; nil until it is closed, zero takes it away.
    package mutating func set(_ name: CookieName, _ value: String, for length: Duration?, isSecure: Bool) {
        var cookie = "\(name.rawValue)=\(value); Path=/; HttpOnly; SameSite=Lax"
        if let length { cookie += "; Max-Age=\(length.components.seconds)" }
        if isSecure { cookie += "; Secure" }
        headers.append(HTTPField(name: .setCookie, value: cookie))
    }
}
