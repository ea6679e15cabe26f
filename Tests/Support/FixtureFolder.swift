package import Foundation

/// Payloads that real senders were seen to send; they are no part of the project.
package enum FixtureFolder {
    /// From `PAGERPAL_FIXTURES`, else beside the project; nil where there are none.
    package static let url: URL? = {
        let places = [ProcessInfo.processInfo.environment["PAGERPAL_FIXTURES"], root.path + "/../shared/fixtures"]
        return places.compactMap(\.self).map { URL(filePath: $0) }.first {
            FileManager.default.fileExists(atPath: $0.path)
        }
    }()

    /// The project's folder.
    package static let root = (1...3).reduce(URL(filePath: #filePath)) { file, _ in file.deletingLastPathComponent() }

    package static let missing = "No fixtures: set PAGERPAL_FIXTURES, or put them in ../shared/fixtures."
}
