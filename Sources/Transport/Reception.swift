package import Actors
internal import Synchronization

/// What the routes of alert sources work with besides the way to the incidents.
package struct Reception: Sendable {
    package var payloads: PayloadLog
    package var pulse: Pulse
    let refusedKeys = RefusedKeys()

    package init(payloads: PayloadLog, pulse: Pulse) {
        self.payloads = payloads
        self.pulse = pulse
    }
}

/// How often a key was refused since the process started: all that is kept of such a request.
final class RefusedKeys: Sendable {
    private let number = Atomic<Int>(0)

    var count: Int { number.load(ordering: .relaxed) }

    func add() { number.add(1, ordering: .relaxed) }
}
