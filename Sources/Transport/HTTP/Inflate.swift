internal import CZlib

/// Decompresses gzip (RFC 1952) and deflate (RFC 1950, or RFC 1951 from some senders) with zlib. zlib's pointers stay
/// within this file.
enum Inflate {
    enum Failure: Error {
        case malformed
        case tooLarge
    }

    /// Whether the bytes start with the gzip signature.
    static func isGzip(_ bytes: [UInt8]) -> Bool { bytes.count >= 2 && bytes[0] == 0x1f && bytes[1] == 0x8b }

    /// - Parameter limit: the maximum size of the result in bytes. Memory use stays within it, whatever the input is.
    static func inflated(_ bytes: [UInt8], limit: Int) throws(Failure) -> [UInt8] {
        // 15 bits of window. Adding 32 makes zlib detect gzip or zlib by the header. A negative value means no header.
        let hasHeader = isGzip(bytes) || bytes.count >= 2 && (Int(bytes[0]) << 8 | Int(bytes[1])) % 31 == 0
        return try run(bytes, windowBits: hasHeader ? 15 + 32 : -15, limit: limit).get()
    }

    private static func run(_ bytes: [UInt8], windowBits: Int32, limit: Int) -> Result<[UInt8], Failure> {
        var input = bytes
        var output = [UInt8](repeating: 0, count: min(limit + 1, max(4_096, bytes.count * 4)))
        var stream = z_stream()
        // zlib keeps a pointer to its stream, so the stream must not move between the calls.
        return withUnsafeMutablePointer(to: &stream) { stream in
            guard inflateInit2_(stream, windowBits, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
                return .failure(.malformed)
            }
            defer { inflateEnd(stream) }
            return input.withUnsafeMutableBufferPointer { input in
                stream.pointee.next_in = input.baseAddress
                stream.pointee.avail_in = UInt32(input.count)
                var length = 0
                while true {
                    if length == output.count {
                        guard output.count <= limit else { return .failure(.tooLarge) }
                        output += [UInt8](repeating: 0, count: min(output.count, limit + 1 - output.count))
                    }
                    let status = output.withUnsafeMutableBufferPointer { output in
                        stream.pointee.next_out = output.baseAddress.map { $0 + length }
                        stream.pointee.avail_out = UInt32(output.count - length)
                        let status = inflate(stream, Z_NO_FLUSH)
                        length = output.count - Int(stream.pointee.avail_out)
                        return status
                    }
                    guard length <= limit else { return .failure(.tooLarge) }
                    switch status {
                    case Z_STREAM_END where stream.pointee.avail_in > 0:
                        // A gzip file may have several members (RFC 1952, section 2.2).
                        guard inflateReset(stream) == Z_OK else { return .failure(.malformed) }
                    case Z_STREAM_END: return .success(Array(output.prefix(length)))
                    case Z_OK where stream.pointee.avail_in > 0 || stream.pointee.avail_out == 0: continue
                    default: return .failure(.malformed)
                    }
                }
            }
        }
    }
}
