internal import CAssets

/// A document of the project. `scripts/docs` turns it into markup that travels in the binary.
struct Document: Sendable {
    /// The end of its address: `on-call`.
    let name: String
    let title: String
    let body: HTML

    static let all: [Document] = (0..<pagerpal_document_count()).map { index in
        let document = pagerpal_document_at(index).pointee
        let text = String(
            decoding: UnsafeBufferPointer(start: document.bytes, count: document.length), as: UTF8.self)
        return Document(
            name: String(cString: document.name), title: String(cString: document.title),
            body: HTML(stringLiteral: text))
    }
}
