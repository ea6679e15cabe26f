/// When to look for claims whose answers were lost: right after an error, a few times more since the database may finish
/// late what it was asked, and once a minute in any case.
struct LostClaimWatch {
    private static let longest: Duration = .seconds(60)
    private var next: Duration
    private var interval = LostClaimWatch.longest

    /// - Parameter now: on the monotonic clock, as everywhere here.
    init(at now: Duration) { next = now + LostClaimWatch.longest }

    func isDue(at now: Duration) -> Bool { now >= next }

    func wait(at now: Duration) -> Duration { max(.zero, next - now) }

    mutating func answerWasLost(at now: Duration) {
        next = now
        interval = .seconds(2)
    }

    mutating func looked(at now: Duration) {
        next = now + interval
        interval = min(interval * 2, LostClaimWatch.longest)
    }
}
