internal import CPostgres

/// Values in the form that libpq sends: texts with a trailing zero byte, blobs unchanged.
struct PostgresValues {
    private var bytes: [UInt8] = []
    /// The offset of each value. Nil for NULL.
    private var offsets: [Int?] = []
    private var lengths: [Int32] = []
    private var formats: [Int32] = []

    init(_ values: [SQLValue]) throws(DatabaseError) {
        for value in values {
            switch value {
            case .null: append(nil, format: 0)
            case .integer(let value): append(Array(String(value).utf8), format: 0)
            case .real(let value): append(Array(String(value).utf8), format: 0)
            case .text(let value):
                try refuseZero(in: value)
                append(Array(value.utf8), format: 0)
            case .blob(let value): append(value, format: 1)
            }
        }
    }

    private mutating func append(_ value: [UInt8]?, format: Int32) {
        offsets.append(value.map { _ in bytes.count })
        lengths.append(Int32(value?.count ?? 0))
        formats.append(format)
        if let value { bytes += value + [0] }
    }

    /// Passes the values to one libpq call.
    func withPointers<Value>(
        _ body: (Int32, UnsafePointer<UnsafePointer<CChar>?>?, UnsafePointer<Int32>?, UnsafePointer<Int32>?) -> Value
    ) -> Value {
        bytes.withUnsafeBytes { raw in
            let start = raw.bindMemory(to: CChar.self).baseAddress
            let pointers = offsets.map { offset in offset.flatMap { start?.advanced(by: $0) } }
            return pointers.withUnsafeBufferPointer { pointers in
                lengths.withUnsafeBufferPointer { lengths in
                    formats.withUnsafeBufferPointer { formats in
                        body(Int32(offsets.count), pointers.baseAddress, lengths.baseAddress, formats.baseAddress)
                    }
                }
            }
        }
    }
}

/// Returns the rows of a result. Columns arrive as text. The type numbers are those of pg_type.dat.
func rows(of result: OpaquePointer) -> StatementResult {
    let fields = PQnfields(result)
    let columns = Columns((0..<fields).map { String(cString: PQfname(result, $0)) })
    let types = (0..<fields).map { PQftype(result, $0) }
    let rows = (0..<PQntuples(result)).map { row in
        Row(columns: columns, values: (0..<fields).map { value(result, row, $0, type: types[Int($0)]) })
    }
    return StatementResult(rows: rows, affected: Int(String(cString: PQcmdTuples(result))) ?? rows.count)
}

private func value(_ result: OpaquePointer, _ row: Int32, _ field: Int32, type: Oid) -> SQLValue {
    guard PQgetisnull(result, row, field) == 0, let start = PQgetvalue(result, row, field) else { return .null }
    let count = Int(PQgetlength(result, row, field))
    let text = String(decoding: UnsafeRawBufferPointer(start: start, count: count), as: UTF8.self)
    switch type {
    case 20, 21, 23, 26: return Int64(text).map { .integer($0) } ?? .text(text)
    case 700, 701, 1700: return Int64(text).map { .integer($0) } ?? Double(text).map { .real($0) } ?? .text(text)
    case 16: return .integer(text == "t" ? 1 : 0)
    case 17: return .blob(bytes(ofHex: text))
    default: return .text(text)
    }
}

/// Decodes a bytea in its text form: `\x` and two hex digits per byte.
private func bytes(ofHex text: String) -> [UInt8] {
    var bytes: [UInt8] = []
    var digits = text.utf8.dropFirst(2)[...]
    while let high = digits.popFirst(), let low = digits.popFirst() {
        bytes.append(nibble(high) << 4 | nibble(low))
    }
    return bytes
}

private func nibble(_ digit: UInt8) -> UInt8 { digit < 58 ? digit - 48 : digit - 87 }
