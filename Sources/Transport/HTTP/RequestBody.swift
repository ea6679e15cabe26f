internal import Formats
internal import HTTPTypes
internal import Hummingbird
internal import Integrations
internal import NIOCore

extension Request {
    /// The body as its sender meant it: whole, decompressed, and never more than a payload may hold.
    ///
    /// What the bytes are decides, then what the header says they are: some compress and don't say so.
    func payloadBody() async throws -> [UInt8] {
        var request = self
        let body = try await request.collectBody(upTo: Payload.Limits.body)
        var bytes = Array(body.readableBytesView)
        let encodings = (headers[.contentEncoding] ?? "").lowercased().split { $0 == "," || $0 == " " }
        // Each encoding may inflate the body anew, so a long list would be cheap to send and dear to read.
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
                throw PayloadError.malformed("Its content encoding says that it is compressed, and it is not.")
            }
        }
    }
}
