internal import CAssets
internal import Crypto
internal import HTTPTypes
internal import Hummingbird
internal import NIOCore
internal import Transport

/// A file embedded in the binary. Its name contains a hash of its content, so browsers may cache it for a year and
/// request a new name when it changes.
struct Asset: Sendable {
    /// `app-3f2a….css`.
    let name: String
    let mediaType: String
    let bytes: [UInt8]

    static let all: [Asset] = (0..<pagerpal_asset_count()).map { index in
        let asset = pagerpal_asset_at(index).pointee
        let kind = String(cString: asset.kind)
        let all = Array(UnsafeBufferPointer(start: asset.bytes, count: asset.length))
        let bytes = kind == "css" ? slimStyle(all) : kind == "js" ? slim(all) : all
        // Short, because a page names the symbols dozens of times. It only has to differ from the file's earlier versions.
        let hash = SHA256.hash(data: bytes).prefix(4).map {
            $0 < 16 ? "0" + String($0, radix: 16) : String($0, radix: 16)
        }
        return Asset(
            name: "\(String(cString: asset.name))-\(hash.joined()).\(kind)", mediaType: mediaTypes[kind] ?? "",
            bytes: bytes)
    }

    /// The assets that every web page links.
    static let frame = Frame.Assets(
        style: path("app-", ".css"), script: path("app-", ".js"), live: path("live-", ".js"),
        passkeys: path("passkeys-", ".js"), setup: path("setup-", ".js"),
        symbols: path("symbols-", ".svg"),
        icon: path("icon-", ".svg"))

    /// The style sheet of documents.
    static let documentStyle = path("docs-", ".css")

    private static let mediaTypes = [
        "css": "text/css; charset=utf-8", "js": "text/javascript; charset=utf-8", "svg": "image/svg+xml",
    ]

    private static func path(_ start: String, _ end: String) -> Path {
        let name = all.first { $0.name.hasPrefix(start) && $0.name.hasSuffix(end) }?.name ?? ""
        return "/assets/\(name)"
    }

    var response: Response {
        var headers: HTTPFields = [
            .contentType: mediaType, .cacheControl: "public, max-age=31536000, immutable",
            .xContentTypeOptions: "nosniff",
        ]
        // A shared worker has the policy of its script, and live.js listens to this host.
        if let name = HTTPField.Name("Content-Security-Policy") {
            headers[name] = "default-src 'none'; connect-src 'self'; frame-ancestors 'none'"
        }
        return Response(status: .ok, headers: headers, body: .init(byteBuffer: ByteBuffer(bytes: bytes)))
    }
}

/// Removes indentation and comment lines, about a fifth of a style sheet.
private func slim(_ bytes: [UInt8]) -> [UInt8] {
    let lines = bytes.split(separator: UInt8(ascii: "\n")).map { $0.drop { $0 == UInt8(ascii: " ") } }
    let kept = lines.filter { line in
        !line.starts(with: Array("//".utf8))
            && !(line.starts(with: Array("/*".utf8)) && line.suffix(2) == Array("*/".utf8)[...])
    }
    return Array(kept.joined(separator: [UInt8(ascii: "\n")]))
}

/// Also removes spaces, line breaks and zeros that a style sheet does not need, about another tenth.
private func slimStyle(_ bytes: [UInt8]) -> [UInt8] {
    var text = String(decoding: slim(bytes), as: UTF8.self)
    for mark in ["{", "}", ";", ","] {
        text = text.replacing("\(mark)\n", with: mark).replacing("\(mark) ", with: mark)
    }
    for mark in [" ", ":", ",", "("] { text = text.replacing("\(mark)0.", with: "\(mark).") }
    return Array(text.replacing(" {", with: "{").replacing(": ", with: ":").replacing(";}", with: "}").utf8)
}

/// /assets: everything that browsers request besides HTML.
struct AssetRoutes: Sendable {
    func add(to routes: RouteTable) {
        routes.on(.get, "/assets/{name}", .anyone) { _, context in
            let name = context.parameters.get("name")
            guard let asset = Asset.all.first(where: { $0.name == name }) else {
                throw APIProblem.notFound("such file")
            }
            return asset.response
        }
        // A service worker receives push messages for all pages only if it lies at the root, under one name for ever.
        routes.on(.get, "/push-worker.js", .anyone) { _, _ in
            guard let asset = Asset.all.first(where: { $0.name.hasPrefix("push-") }) else {
                throw APIProblem.notFound("such file")
            }
            var response = asset.response
            response.headers[.cacheControl] = "no-cache"
            return response
        }
        routes.on(.get, "/assets/count/{count}", .anyone) { _, context in
            let count = Int(context.parameters.get("count") ?? "").map { min(max($0, 0), 99) } ?? 0
            return countIcon(count)
        }
    }
}

/// The icon of the browser tab with the number of incidents that nobody has acknowledged.
private func countIcon(_ count: Int) -> Response {
    let words = count == 99 ? "99+" : String(count)
    let svg = """
        <svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 32 32"><rect width="32" height="32" rx="8" fill="#b3261e"/>\
        <text x="16" y="23" text-anchor="middle" font-family="sans-serif" font-weight="700" \
        font-size="\(words.count > 2 ? 14 : 20)" fill="#fff">\(words)</text></svg>
        """
    return Response(
        status: .ok,
        headers: [
            .contentType: "image/svg+xml", .cacheControl: "public, max-age=31536000, immutable",
            .xContentTypeOptions: "nosniff",
        ], body: .init(byteBuffer: ByteBuffer(string: svg)))
}
