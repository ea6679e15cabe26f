/// Encodes values as an array in PostgreSQL's binary form: one dimension from 1 on, then each value with its length
/// (`array_recv` in PostgreSQL's arrayfuncs.c). The numbers of types are those of pg_type.dat.
///
/// - Throws: `.invalidValue` for a value of another type, and for U+0000 in a text.
func postgresArray(
    of kind: RowStatement.Kind, _ values: some Collection<SQLValue>
) throws(DatabaseError) -> [UInt8] {
    var bytes: [UInt8] = []
    let hasNull = values.contains(.null)
    for field: Int32 in [1, hasNull ? 1 : 0, kind.number, Int32(values.count), 1] {
        append(field, to: &bytes)
    }
    for value in values {
        switch (kind, value) {
        case (_, .null): append(Int32(-1), to: &bytes)
        case (.text, .text(let text)):
            try refuseZero(in: text)
            append(Int32(text.utf8.count), to: &bytes)
            bytes.append(contentsOf: text.utf8)
        case (.bigint, .integer(let number)):
            append(Int32(8), to: &bytes)
            append(number, to: &bytes)
        case (.bytea, .blob(let blob)):
            append(Int32(blob.count), to: &bytes)
            bytes.append(contentsOf: blob)
        case (.text, .integer), (.text, .real), (.text, .blob), (.bigint, .real), (.bigint, .text), (.bigint, .blob),
            (.bytea, .integer), (.bytea, .real), (.bytea, .text):
            throw .invalidValue("a column of \(kind) can't hold \(value)")
        }
    }
    return bytes
}

extension RowStatement.Kind {
    /// The type's number.
    fileprivate var number: Int32 {
        switch self {
        case .bytea: 17
        case .bigint: 20
        case .text: 25
        }
    }
}

private func append(_ number: some FixedWidthInteger, to bytes: inout [UInt8]) {
    withUnsafeBytes(of: number.bigEndian) { bytes.append(contentsOf: $0) }
}
