internal import Actors
internal import Domain
internal import Formats
internal import Foundation
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import NIOCore
internal import Transport

/// A request from a browser, with its form and the means to answer it.
protocol BrowserRequest: Sendable {
    /// The underlying Hummingbird request.
    var http: Request { get }
    var context: RouteContext { get }
    var services: Services { get }
    /// The form fields; empty for a GET request.
    var form: FormInput { get }
    /// The frame of the web page.
    var frame: Frame { get }
    /// Sets the cookies that the response needs.
    func finish(_ response: inout Response)
}

extension BrowserRequest {
    var configuration: Configuration { services.configuration.current }
    var now: Timestamp { services.time.now() }
    /// The reader for whom times are formatted.
    var reader: Reader { frame.reader }

    /// A parameter in the path.
    func parameter(_ name: String) -> String { context.parameters.get(name) ?? "" }

    /// A value in the query, or an empty string. Browsers write a blank in a form's query as `+`.
    func query(_ name: String) -> String {
        Form.fields(of: Array((http.uri.query ?? "").utf8))?.first { $0.name == name }?.value ?? ""
    }

    /// Responds with a web page.
    func show(_ page: some View, status: HTTPResponse.Status = .ok) -> Response {
        var response = Response.page(frame.html(page), status: status)
        if frame.flash != nil { response.set(.flash, "", for: .zero, isSecure: services.settings.isCookieSecure) }
        if freshSecret != nil {
            response.set(.secret, "", for: .zero, path: http.uri.path, isSecure: services.settings.isCookieSecure)
        }
        finish(&response)
        return response
    }

    /// Redirects to the web page that shows a new key or token, once. Loading that page again shows no key and makes
    /// no second one.
    func go(to path: Path, showing secret: String) -> Response {
        var response = go(to: path)
        response.set(.secret, secret, for: .minutes(1), path: path.text, isSecure: services.settings.isCookieSecure)
        return response
    }

    /// The key or token that the previous request made for this web page.
    var freshSecret: String? {
        guard !http.isRefresh, let secret = http.cookie(.secret, isSecure: services.settings.isCookieSecure),
            !secret.isEmpty, secret.utf8.count <= 200
        else { return nil }
        return secret
    }

    /// Shows the form again with the typed values and their faults.
    func refuse(_ page: some View) -> Response { show(page, status: .unprocessableContent) }

    /// Redirects to another web page, which shows the text.
    ///
    /// - Parameter undo: the incidents whose action can be taken back there.
    func go(to path: Path, saying text: String? = nil, isBad: Bool = false, undo: [Int] = []) -> Response {
        var response = Response(status: .seeOther, headers: [.location: path.text, .cacheControl: "no-store"])
        if let text {
            let numbers = undo.prefix(Frame.Flash.Limits.undo).map { String($0) }.joined(separator: "-")
            response.set(
                .flash, numbers + (isBad ? "!" : ".") + percentEncoded(String(text.prefix(500))), for: .minutes(1),
                isSecure: services.settings.isCookieSecure)
        }
        finish(&response)
        return response
    }

    /// The address of the user for whom a trusted proxy vouches.
    var vouched: String? { services.vouchedAddress(http, context) }

    /// Where the request comes from.
    var origin: Accounts.Origin {
        let tokens = (http.cookie(.browser, isSecure: services.settings.isCookieSecure) ?? "").split(separator: ".").map
        { String($0) }
        let requestTokens = services.requestTokens
        let address = services.address(of: http, context)
        return Accounts.Origin(
            address: address, network: networkOfClient(address), agent: http.headers[.userAgent] ?? "",
            knows: { user, version in
                requestTokens.browserTokens(for: user, version).contains { known in
                    tokens.contains { isSame($0, known) }
                }
            })
    }
}

extension Request {
    /// Whether the script asks for a page again to exchange its live parts.
    var isRefresh: Bool { HTTPField.Name("X-Refresh").map { headers[$0] == "1" } ?? false }

    /// The message that the previous request left for this web page.
    func flash(isSecure: Bool) -> Frame.Flash? {
        // A page that refreshes itself must not take the message that belongs to the next page.
        guard !isRefresh, let value = cookie(.flash, isSecure: isSecure),
            let mark = value.firstIndex(where: { $0 == "!" || $0 == "." }),
            let text = value[value.index(after: mark)...].removingPercentEncoding, !text.isEmpty
        else { return nil }
        let numbers = value[..<mark].split(separator: "-").prefix(Frame.Flash.Limits.undo).compactMap { Int($0) }
        return Frame.Flash(String(text.prefix(500)), isBad: value[mark] == "!", undo: numbers)
    }
}

/// The form fields, without invisible characters.
///
/// - Parameter limit: the largest body in bytes. Strangers may send only small ones.
func formInput(of request: Request, limit: Int = Payload.Limits.body) async throws -> FormInput {
    guard !request.method.isSafe else { return FormInput() }
    var request = request
    let body = try await request.collectBody(upTo: limit)
    guard body.readableBytes > 0 else { return FormInput() }
    guard let fields = Form.fields(of: Array(body.readableBytesView)) else {
        throw APIProblem(.badRequest, "Not a form", "Send the form as the page does.")
    }
    var values: [String: [String]] = [:]
    for field in fields {
        values[field.name, default: []].append(
            String(field.value.replacing("\r\n", with: "\n").filter { $0 == "\n" || $0 == "\t" || !$0.isControl }))
    }
    return FormInput(values)
}

extension Character {
    fileprivate var isControl: Bool { unicodeScalars.allSatisfy { $0.properties.generalCategory == .control } }
}
