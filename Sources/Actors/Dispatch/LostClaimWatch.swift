/// Decides when to look for claims whose answers were lost: right after an error, a few more times because the
/// database may finish a request late, and once a minute in any case. The workers of a process look in the same moment, so
/// that they share statements.
struct LostClaimWatch {
    private static let longest: Duration = .seconds(60)
    private var next: Duration
    private var interval = LostClaimWatch.longest

    /// - Parameter now: the monotonic time, as everywhere in this type.
    init(at now: Duration) { next = LostClaimWatch.minute(after: now) }

    func isDue(at now: Duration) -> Bool { now >= next }

    func wait(at now: Duration) -> Duration { max(.zero, next - now) }

    /// The next minute of the process, which begins for all of its workers at the same time.
    private static func minute(after now: Duration) -> Duration {
        longest * (Int(now / longest) + 1)
    }

    mutating func answerWasLost(at now: Duration) {
        next = now
        interval = .seconds(2)
    }

    mutating func looked(at now: Duration) {
        next = interval < LostClaimWatch.longest ? now + interval : LostClaimWatch.minute(after: now)
        interval = min(interval * 2, LostClaimWatch.longest)
    }
}
