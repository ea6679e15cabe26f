/// Decides when to look for claims whose answers were lost: right after an error, a few more times because the
/// database may finish a request late, and once a minute in any case.
struct LostClaimWatch {
    private static let longest: Duration = .seconds(60)
    private var next: Duration
    private var interval = LostClaimWatch.longest

    /// - Parameter now: the monotonic time, as everywhere in this type.
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
