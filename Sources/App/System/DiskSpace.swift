internal import Database
internal import Glibc

/// The free space of the file system that contains a file.
struct DiskSpace: Sendable, Hashable {
    enum Level: Sendable { case enough, little, none }

    /// In bytes, for users who are not root.
    let free: UInt64

    /// Nil if the file system can't be asked.
    init?(ofFile path: String) {
        let folder = path.lastIndex(of: "/").map { $0 == path.startIndex ? "/" : String(path[..<$0]) } ?? "."
        var facts = statvfs()
        guard statvfs(folder, &facts) == 0 else { return nil }
        self.init(free: UInt64(facts.f_bavail) * UInt64(facts.f_frsize))
    }

    init(free: UInt64) { self.free = free }

    /// A day of a busy team takes some megabytes. SQLite also needs room for its WAL, at most 64 MiB between checkpoints.
    var level: Level { free < 32 << 20 ? .none : free < 256 << 20 ? .little : .enough }
}

extension DatabaseURL {
    /// Says that the disk of a SQLite file is nearly full.
    var diskProblem: String? {
        guard case .sqlite(let path) = self, path != ":memory:", let space = DiskSpace(ofFile: path) else { return nil }
        switch space.level {
        case .enough: return nil
        case .little, .none:
            return
                "Only \(space.free >> 20) MiB are free on the database's disk. Free some: a full disk stops new alerts."
        }
    }
}
