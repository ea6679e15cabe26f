internal import Synchronization

/// Several clients, each with its own thread.
///
/// During SMTP, libcurl waits for the server without returning to its loop. One client therefore sends one mail at a
/// time.
package final class CurlPool: Sendable {
    private let clients: [CurlClient]
    /// The number of running transfers by client.
    private let running: Mutex<[Int]>

    package init(size: Int) {
        clients = (0..<max(size, 1)).map { _ in CurlClient() }
        running = Mutex([Int](repeating: 0, count: max(size, 1)))
    }

    package func perform(_ request: CurlRequest) async throws(CurlError) -> CurlResponse {
        let index = running.withLock { running -> Int in
            let index = running.indices.min { running[$0] < running[$1] } ?? 0
            running[index] += 1
            return index
        }
        defer { running.withLock { $0[index] -= 1 } }
        return try await clients[index].perform(request)
    }
}
