internal import Domain

/// Slows down repeated sign-in failures. Nobody is locked out: pauses are short, and a browser that has signed in to
/// the account before is not affected by the failures of others.
struct Throttle: Sendable {
    let name: String
    let pause: @Sendable (Int) -> Duration
    /// Whether a successful sign-in clears the count of failures. A success from an address clears nothing for that
    /// address, because it says nothing about the other accounts that were tried from there.
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
        // A known browser has its own count: its failures count, those of others do not.
        return isKnownBrowser
            ? [
                Throttle(
                    name: "known:\(account)", pause: { pause(after: $0, free: 5, longest: .seconds(60)) },
                    isForgivable: true)
            ] : [both, from, to]
    }

    /// Tries of a second factor, by people who know the password. Five are free, then the pause grows to five minutes, so
    /// that a day has less than 300 tries of a million.
    static func factor(of user: UserID) -> Throttle {
        Throttle(
            name: "factor:\(user)", pause: { pause(after: $0, free: 5, longest: .minutes(5)) }, isForgivable: true)
    }

    /// No pause for the first failures, then a pause that doubles with each further one.
    private static func pause(after failures: Int, free: Int, longest: Duration) -> Duration {
        guard failures >= free else { return .zero }
        return min(longest, .seconds(2 << min(failures - free, 10)))
    }
}
