internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import NIOCore

extension Request {
    /// Returns the complete body, decompressed and within the payload limit.
    ///
    /// The first bytes take precedence over the header, because some senders compress without saying so.
    func payloadBody() async throws -> [UInt8] {
        var request = self
        let body = try await request.collectBody(upTo: Payload.Limits.body)
        var bytes = Array(body.readableBytesView)
        let encodings = (headers[.contentEncoding] ?? "").lowercased().split { $0 == "," || $0 == " " }
        // Each encoding may inflate the body again, so a long list would be cheap to send but expensive to read.
        guard encodings.count <= 2 else {
            throw APIProblem(
                .unsupportedMediaType, "Too many encodings", "Compress the body once: send gzip, deflate or none.")
        }
        for encoding in encodings.reversed() {
            switch encoding {
            case "identity": continue
            case "gzip", "x-gzip", "deflate": bytes = try inflated(bytes)
            default:
                throw APIProblem(
                    .unsupportedMediaType, "Unknown encoding",
                    "The content encoding \(encoding.prefix(50)) is not known; send gzip, deflate or none.")
            }
        }
        return encodings.isEmpty && Inflate.isGzip(bytes) ? try inflated(bytes) : bytes
    }

    private func inflated(_ bytes: [UInt8]) throws -> [UInt8] {
        guard !bytes.isEmpty else { return [] }
        do {
            return try Inflate.inflated(bytes, limit: Payload.Limits.body)
        } catch {
            switch error {
            case .tooLarge: throw APIProblem.tooLarge
            case .malformed:
                throw PayloadError.malformed("The body is not compressed, but the Content-Encoding header says so.")
            }
        }
    }
}
