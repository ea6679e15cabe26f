#if DEBUG || MICRO
import Domain
import TestSupport

@testable import Store

/// From decisions to the rows that are stored.
func encode() throws {
    let sample = Sample()
    for count in [1, 64] {
        let commits = (0..<count).map { Commit(before: nil, transition: sample.opening("disk-\($0)")) }
        measure("encode an opening, \(count) at a time", of: count) {
            var policies = PolicyTexts()
            return commits.reduce(0) {
                $0 &+ PreparedCommit($1, 0, at: sample.now, sample.identifiers, &policies).entries.count
            }
        }
    }
}
#endif
