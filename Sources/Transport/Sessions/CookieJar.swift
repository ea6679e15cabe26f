internal import Hummingbird

/// The names of PagerPal's cookies.
package enum CookieName: String {
    /// The session key.
    case session = "pagerpal_session"
    /// A random value for a browser without a session, to which its forms are bound.
    case guest = "pagerpal_guest"
    /// Proves that the browser has signed in to an account before. It remains after signing out.
    case browser = "pagerpal_browser"
    /// Proves for some minutes that the password was right, until the second factor follows.
    case step = "pagerpal_step"
    /// A message for the next web page.
    case flash = "pagerpal_flash"
    /// A new key or token, for the one web page that shows it.
    case secret = "pagerpal_secret"
}

extension Request {
    package func cookie(_ name: CookieName) -> String? {
        cookies[name.rawValue]?.value
    }
}

extension Response {
    /// - Parameters:
    ///   - length: how long the browser keeps the cookie. Nil: until the browser closes. Zero removes it.
    ///   - path: the only web pages that get it.
    package mutating func set(
        _ name: CookieName, _ value: String, for length: Duration?, path: String = "/", isSecure: Bool
    ) {
        setCookie(
            Cookie(
                name: name.rawValue, value: value, maxAge: length.map { Int($0.components.seconds) }, path: path,
                secure: isSecure, httpOnly: true, sameSite: .lax))
    }
}
