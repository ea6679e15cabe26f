internal import Domain

/// The text fields of `multipart/form-data` (RFC 7578). Files are skipped.
package enum Multipart {
    /// Nil when the bytes do not begin with a boundary. The boundary is read from the body, because the header may be
    /// wrong.
    package static func fields(of bytes: [UInt8]) -> [(name: String, value: String)]? {
        let dashes = UInt8(ascii: "-")
        guard bytes.starts(with: [dashes, dashes]), let end = bytes.firstIndex(of: 10) else { return nil }
        var boundary = Array(bytes[..<end])
        if boundary.last == 13 { boundary.removeLast() }
        // RFC 2046 allows 70 characters after the dashes.
        guard boundary.count > 2, boundary.count <= 72 else { return nil }
        var fields: [(name: String, value: String)] = []
        var rest = bytes[(end + 1)...]
        while fields.count < Payload.Limits.fields, let stop = place(of: boundary, in: rest) {
            if let field = field(in: rest[..<stop]) { fields.append(field) }
            rest = rest[(stop + boundary.count)...].drop { $0 != 10 }.dropFirst()
        }
        return fields
    }

    /// Returns the position of the boundary at the start of a line.
    private static func place(of boundary: [UInt8], in bytes: ArraySlice<UInt8>) -> Int? {
        var line = bytes.startIndex
        while line < bytes.endIndex {
            if bytes[line...].starts(with: boundary) { return line }
            guard let end = bytes[line...].firstIndex(of: 10) else { return nil }
            line = end + 1
        }
        return nil
    }

    private static func field(in part: ArraySlice<UInt8>) -> (name: String, value: String)? {
        var lines = part
        var name: String?
        while let end = lines.firstIndex(of: 10) {
            let line = String(decoding: lines[..<end], as: UTF8.self).trimmingBlanks()
            lines = lines[(end + 1)...]
            if line.isEmpty { break }
            guard line.lowercased().hasPrefix("content-disposition:") else { continue }
            if line.contains("filename=") { return nil }
            name = line.split(separator: ";").lazy.map { $0.trimmingBlanks() }.first { $0.hasPrefix("name=") }
                .map { String($0.dropFirst(5)).trimmingQuotes() }
        }
        guard let name, !name.isEmpty else { return nil }
        if lines.last == 10 { lines.removeLast() }
        if lines.last == 13 { lines.removeLast() }
        return (name: name, value: String(decoding: lines.filter { $0 != 0 }, as: UTF8.self))
    }
}

extension String {
    /// Removes one pair of surrounding double quotes.
    fileprivate func trimmingQuotes() -> String {
        hasPrefix("\"") && hasSuffix("\"") && count >= 2 ? String(dropFirst().dropLast()) : self
    }
}
