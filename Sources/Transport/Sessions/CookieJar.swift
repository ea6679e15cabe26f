internal import Actors
package import Domain
package import Hummingbird
package import Store

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
    /// What a browser takes to the company's sign-in service and brings back.
    case company = "pagerpal_company"
    /// A message for the next web page.
    case flash = "pagerpal_flash"
    /// A new key or token, for the one web page that shows it.
    case secret = "pagerpal_secret"
}

extension CookieName {
    /// Over HTTPS the name has a prefix, with which browsers take the cookie only from this host itself, not from another
    /// host of its domain (RFC 6265bis, 4.1.3.2).
    ///
    /// The secret's cookie is for one page only, which excludes that prefix.
    package func text(isSecure: Bool) -> String {
        guard isSecure else { return rawValue }
        return self == .secret ? "__Secure-\(rawValue)" : "__Host-\(rawValue)"
    }
}

extension Request {
    package func cookie(_ name: CookieName, isSecure: Bool) -> String? {
        cookies[name.text(isSecure: isSecure)]?.value
    }

    /// The session key, also from a cookie that was set before names had a prefix.
    fileprivate func sessionKey(isSecure: Bool) -> (text: String, isPlain: Bool)? {
        if let key = cookie(.session, isSecure: isSecure) { return (key, false) }
        return isSecure ? cookie(.session, isSecure: false).map { ($0, true) } : nil
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
                name: name.text(isSecure: isSecure), value: value, maxAge: length.map { Int($0.components.seconds) },
                path: path,
                secure: isSecure, httpOnly: true, sameSite: .lax))
    }
}

extension Services {
    /// Returns the session of a browser with its key and user, or nil if nobody is signed in with it.
    ///
    /// - Parameter vouched: the user for whom a trusted proxy vouches. A session of somebody else is that of the person before.
    package func session(
        of request: Request, vouched: String?
    ) async throws -> (key: String, session: Session, user: User)? {
        guard let key = request.sessionKey(isSecure: settings.isCookieSecure),
            let known = try await accounts.session(key: key.text), known.session.isCookiePlain || !key.isPlain,
            vouched == nil || vouched == known.user.email.lowercased()
        else { return nil }
        return (key.text, known.session, known.user)
    }
}
