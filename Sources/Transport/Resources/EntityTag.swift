internal import Actors
internal import Domain
internal import Formats
internal import HTTPTypes
internal import Hummingbird

/// The version of a configured value in the header `ETag` (RFC 9110, 8.8.3): a hash of what people can change.
///
/// A client that sends it back in `If-Match` can't overwrite what somebody else changed meanwhile.
struct EntityTag {
    let text: String

    init(of content: JSON) { text = "\"\(sha256("\(content)").prefix(32))\"" }

    /// Checks `If-Match`, if the request has it.
    ///
    /// - Throws: a 412 when the value was changed since the client read it.
    func check(_ request: Request, _ noun: String) throws {
        guard let header = request.headers[.ifMatch] else { return }
        let known = header.split(separator: ",").map { $0.trimmingBlanks() }
        guard known.contains("*") || known.contains(text) else { throw APIProblem.changedMeanwhile(noun, text) }
    }
}
