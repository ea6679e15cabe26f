package import Foundation

/// Recorded payloads of real senders. They are not part of the repository.
package enum FixtureFolder {
    /// From `PAGERPAL_FIXTURES`, or else next to the repository. Nil when there are none.
    package static let url: URL? = {
        let places = [ProcessInfo.processInfo.environment["PAGERPAL_FIXTURES"], root.path + "/../shared/fixtures"]
        return places.compactMap(\.self).map { URL(filePath: $0) }.first {
            FileManager.default.fileExists(atPath: $0.path)
        }
    }()

    /// The root of the repository.
    package static let root = (1...3).reduce(URL(filePath: #filePath)) { file, _ in file.deletingLastPathComponent() }

    package static let missing = "No fixtures: set PAGERPAL_FIXTURES, or put them in ../shared/fixtures."
}
