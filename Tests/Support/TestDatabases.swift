package import Database
import Foundation
import Synchronization

/// The databases on which all suites of the store and the whole application run.
package enum TestDatabase: String, Sendable, CaseIterable, CustomStringConvertible {
    case sqliteMemory, sqliteFile, postgres

    package var description: String { rawValue }

    /// The databases available here. Prints advice when there is no PostgreSQL.
    package static let available: [TestDatabase] = {
        guard cluster != nil else {
            print("Skipping PostgreSQL. Use scripts/test, or set PAGERPAL_TEST_POSTGRES.")
            return [.sqliteMemory, .sqliteFile]
        }
        return allCases
    }()

    /// One database of each kind.
    package static let kinds = available.filter { $0 != .sqliteMemory }

    private static let cluster = ProcessInfo.processInfo.environment["PAGERPAL_TEST_POSTGRES"].flatMap {
        $0.isEmpty ? nil : $0
    }
    private static let count = Mutex(0)

    /// Creates a new, empty database and returns its URL.
    package func make() async throws -> DatabaseURL {
        let number = TestDatabase.count.withLock { count in
            count += 1
            return count
        }
        switch self {
        case .sqliteMemory: return try DatabaseURL("sqlite::memory:")
        case .sqliteFile:
            let folder = FileManager.default.temporaryDirectory.appending(path: "pagerpal-tests-\(getpid())")
            try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
            return try DatabaseURL("sqlite:///\(folder.path())/\(number).db")
        case .postgres:
            guard let cluster = TestDatabase.cluster else { throw DatabaseError.unavailable("no cluster") }
            let name = "test_\(getpid())_\(number)"
            let maintenance = try openDatabase(try DatabaseURL(cluster))
            try await maintenance.run("CREATE DATABASE \(raw: name)")
            await maintenance.close()
            return try DatabaseURL(cluster.replacing("/postgres?", with: "/\(name)?"))
        }
    }

    /// Opens a new, empty database.
    package func open() async throws -> any Database { try openDatabase(try await make()) }
}
