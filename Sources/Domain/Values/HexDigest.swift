internal import Formats

/// Reads the 64 hex digits of a SHA-256.
package func digest(ofHex digits: some StringProtocol) -> [UInt8]? {
    let values = digits.utf8.map(hexDigit)
    guard values.count == 64 else { return nil }
    var bytes: [UInt8] = []
    for index in stride(from: 0, to: values.count, by: 2) {
        guard let high = values[index], let low = values[index + 1] else { return nil }
        bytes.append(high << 4 | low)
    }
    return bytes
}
