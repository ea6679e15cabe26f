/// A number for a web page. It is counted up to a limit, so that a look at the page costs the same however many there are.
package struct BoundedCount: Sendable, Hashable {
    package static let limit = 1_000

    /// At most `limit`.
    package let number: Int
    /// Whether there are more than were counted.
    package let isMore: Bool

    /// - Parameter found: as many as were found up to one more than `limit`.
    package init(found: Int) {
        number = min(found, BoundedCount.limit)
        isMore = found > BoundedCount.limit
    }

    /// Such as “12” or “1000+”.
    package var words: String { isMore ? "\(number)+" : "\(number)" }
}
