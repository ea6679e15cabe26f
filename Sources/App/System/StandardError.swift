internal import Glibc

/// Writes to standard error. A line that can't be written is lost: neither a full disk nor a closed pipe may end the
/// process.
enum StandardError {
    static func write(_ line: String) {
        var bytes = Array((line + "\n").utf8)[...]
        while !bytes.isEmpty {
            let written = bytes.withUnsafeBytes { Glibc.write(STDERR_FILENO, $0.baseAddress, $0.count) }
            if written > 0 {
                bytes = bytes.dropFirst(written)
            } else {
                guard errno == EINTR else { return }
            }
        }
    }

    /// Makes a closed pipe an error of `write` instead of a signal that ends the process.
    static func ignoreClosedPipes() { signal(SIGPIPE, SIG_IGN) }
}
