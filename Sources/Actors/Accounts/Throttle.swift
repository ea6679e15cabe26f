internal import Domain

/// How failures of signing in slow down whoever goes on. Nobody is locked out: pauses are short, and a browser that
/// has signed in to the account before is not held up by what others try.
struct Throttle: Sendable {
    let name: String
    let pause: @Sendable (Int) -> Duration
    /// Whether a success proves that the failures were harmless. One from the same address proves nothing about the
    /// other accounts that were tried from it.
    let isForgivable: Bool

    static func all(email: String, address: String, isKnownBrowser: Bool) -> [Throttle] {
        let account = sha256(email.lowercased())
        let both = Throttle(
            name: "both:\(account):\(address)", pause: { pause(after: $0, free: 5, longest: .seconds(60)) },
            isForgivable: true)
        let from = Throttle(
            name: "address:\(address)", pause: { pause(after: $0, free: 30, longest: .minutes(5)) },
            isForgivable: false)
        let to = Throttle(
            name: "account:\(account)", pause: { pause(after: $0, free: 20, longest: .seconds(60)) },
            isForgivable: true)
        // A known browser has a door of its own: its mistakes count, those of others do not.
        return isKnownBrowser
            ? [
                Throttle(
                    name: "known:\(account)", pause: { pause(after: $0, free: 5, longest: .seconds(60)) },
                    isForgivable: true)
            ] : [both, from, to]
    }

    /// Nothing for the first failures, then twice as long with each one.
    private static func pause(after failures: Int, free: Int, longest: Duration) -> Duration {
        guard failures >= free else { return .zero }
        return min(longest, .seconds(2 << min(failures - free, 10)))
    }
}
