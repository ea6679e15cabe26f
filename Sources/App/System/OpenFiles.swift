internal import Glibc
internal import NIOCore

/// The limit of open files of this process. A connection is one, too.
enum OpenFiles {
    /// Raises the soft limit to the hard one and returns it.
    static func raiseLimit() -> Int {
        var limit = rlimit()
        guard getrlimit(.init(RLIMIT_NOFILE.rawValue), &limit) == 0 else { return 1024 }
        var raised = limit
        raised.rlim_cur = min(limit.rlim_max, 1 << 20)
        if raised.rlim_cur > limit.rlim_cur, setrlimit(.init(RLIMIT_NOFILE.rawValue), &raised) == 0 { limit = raised }
        return Int(clamping: limit.rlim_cur)
    }

    /// How many connections to accept, so that the database, the providers and the log can still open what they need.
    ///
    /// - Parameter cores: the server has an event loop for each, with three files.
    static func connections(ofLimit limit: Int, cores: Int = System.coreCount) -> Int {
        max(8, limit - 3 * cores - max(48, min(128, limit / 4)))
    }
}
