internal import CSQLite
internal import Glibc

/// Lets the process whose database is copied go first: the copy works for a moment, brings what it has written to the
/// disk, and rests three times as long.
///
/// Without it, the copy takes a processor, and each commit of the other process waits until the file system has written
/// all that the copy left in memory.
final class CopyPace {
    private static let instructions: Int32 = 2_000
    private let work: Duration
    private var path = ""
    private var descriptor: Int32 = -1
    private var since = ContinuousClock.now
    private(set) var rests = 0

    /// - Parameter work: how long to work without a rest.
    init(work: Duration = .milliseconds(5)) { self.work = work }

    deinit { if descriptor >= 0 { close(descriptor) } }

    /// Paces all statements of a connection while the body runs.
    ///
    /// - Parameter path: the file that they write. It may appear later.
    func during<Value>(
        _ connection: OpaquePointer, writing path: String, _ body: () throws(DatabaseError) -> Value
    ) throws(DatabaseError) -> Value {
        self.path = path
        since = .now
        sqlite3_progress_handler(
            connection, CopyPace.instructions,
            { raw in
                if let raw { Unmanaged<CopyPace>.fromOpaque(raw).takeUnretainedValue().restIfDue() }
                return 0
            }, Unmanaged.passUnretained(self).toOpaque())
        defer { withExtendedLifetime(self) { sqlite3_progress_handler(connection, 0, nil, nil) } }
        return try body()
    }

    private func restIfDue() {
        guard ContinuousClock.now - since >= work else { return }
        if descriptor < 0 { descriptor = open(path, O_RDONLY) }
        if descriptor >= 0 { fdatasync(descriptor) }
        let worked = min(ContinuousClock.now - since, .milliseconds(200))
        usleep(UInt32(clamping: (worked * 3).milliseconds * 1_000))
        since = .now
        rests += 1
    }
}
