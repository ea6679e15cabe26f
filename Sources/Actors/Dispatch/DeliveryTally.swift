package import Domain
internal import Synchronization

/// Counts the attempts of this process since it started, and how long they took.
package final class DeliveryTally: Sendable {
    package struct Kind: Hashable, Comparable, Sendable {
        package let channel: Channel
        /// `accepted`, `temporary`, `permanent`, `unknown` or `notSent`.
        package let result: String

        package static func < (left: Kind, right: Kind) -> Bool {
            (left.channel.rawValue, left.result) < (right.channel.rawValue, right.result)
        }
    }

    package struct Counts: Sendable {
        /// The number of attempts that took at most this long, for each of `bounds`.
        package var within = [Int](repeating: 0, count: DeliveryTally.bounds.count)
        package var all = 0
        package var time: Duration = .zero
    }

    package static let bounds: [Duration] = [
        .milliseconds(50), .milliseconds(250), .seconds(1), .seconds(5), .seconds(15), .seconds(60),
    ]

    private let counted = Mutex<[Kind: Counts]>([:])

    package init() {}

    package var counts: [Kind: Counts] { counted.withLock { $0 } }

    func count(_ channel: Channel, _ result: String, _ duration: Duration) {
        counted.withLock { counted in
            var counts = counted[Kind(channel: channel, result: result)] ?? Counts()
            for (index, bound) in DeliveryTally.bounds.enumerated() where duration <= bound {
                counts.within[index] += 1
            }
            counts.all += 1
            counts.time += duration
            counted[Kind(channel: channel, result: result)] = counts
        }
    }
}
