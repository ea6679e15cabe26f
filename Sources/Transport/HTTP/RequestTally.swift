internal import HTTPTypes
internal import Synchronization

/// Counts the requests that this process has answered since it started, and their durations.
final class RequestTally: Sendable {
    struct Kind: Hashable, Comparable {
        /// A method that PagerPal knows, or `OTHER`, so that invented methods can't fill the memory.
        let method: String
        let status: Int

        static func < (left: Kind, right: Kind) -> Bool {
            (left.method, left.status) < (right.method, right.status)
        }
    }

    struct Counts {
        var requests: [Kind: Int] = [:]
        /// The number of requests that took at most this long, for each of `bounds`.
        var within = [Int](repeating: 0, count: RequestTally.bounds.count)
        var all = 0
        var time: Duration = .zero
    }

    static let bounds: [Duration] = [
        .milliseconds(1), .milliseconds(5), .milliseconds(10), .milliseconds(25), .milliseconds(50),
        .milliseconds(100), .milliseconds(250), .seconds(1), .seconds(5),
    ]
    private static let methods: Set<HTTPRequest.Method> = [.get, .head, .post, .put, .patch, .delete, .options]

    private let counted = Mutex(Counts())

    var counts: Counts { counted.withLock { $0 } }

    func count(_ method: HTTPRequest.Method, _ status: Int, _ duration: Duration) {
        let name = RequestTally.methods.contains(method) ? method.rawValue : "OTHER"
        counted.withLock { counts in
            counts.requests[Kind(method: name, status: status), default: 0] += 1
            for (index, bound) in RequestTally.bounds.enumerated() where duration <= bound {
                counts.within[index] += 1
            }
            counts.all += 1
            counts.time += duration
        }
    }
}
