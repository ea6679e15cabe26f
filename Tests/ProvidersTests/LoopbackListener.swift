import Glibc
import Synchronization

/// A socket that listens on a free port of this host.
final class LoopbackListener: Sendable {
    let port: Int
    private let descriptor: Int32
    /// Once it is closed, its number belongs to somebody else.
    private let isClosed = Mutex(false)

    init() {
        let descriptor = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7f00_0001).bigEndian
        var length = socklen_t(MemoryLayout<sockaddr_in>.size)
        withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { raw in
                _ = bind(descriptor, raw, length)
                _ = getsockname(descriptor, raw, &length)
            }
        }
        _ = listen(descriptor, 64)
        self.descriptor = descriptor
        port = Int(UInt16(bigEndian: address.sin_port))
    }

    /// Waits for a connection. Returns nil after ``stop()``.
    func accept() -> Int32? {
        while true {
            let connection = Glibc.accept(descriptor, nil, nil)
            if connection >= 0 { return connection }
            if errno == ECONNABORTED || errno == EINTR { continue }
            isClosed.withLock { isClosed in
                if !isClosed { close(descriptor) }
                isClosed = true
            }
            return nil
        }
    }

    /// Ends the waiting. May be called again.
    func stop() {
        isClosed.withLock { isClosed in
            if !isClosed { shutdown(descriptor, Int32(SHUT_RDWR)) }
        }
    }
}
