internal import Foundation
internal import Glibc

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

    /// How many files are open in this process now: the database, the event loops, and what its parent handed down.
    static func count() -> Int {
        // The folder is open while it is read.
        ((try? FileManager.default.contentsOfDirectory(atPath: "/proc/self/fd").count) ?? 64) - 1
    }

    /// Why a server can't run with this limit.
    static func fault(limit: Int, open: Int) -> String? {
        guard limit - open < reserved(limit) else { return nil }
        return """
            Only \(limit) files may be open, and \(open) are open already. PagerPal needs at least \(reserved(limit)) more for \
            its database, providers and connections. Raise the limit: LimitNOFILE=65536 in the systemd unit, or ulimit -n.
            """
    }

    private static func reserved(_ limit: Int) -> Int { max(24, min(128, limit / 4)) }

    /// How many connections to accept, so that the database, the providers and the log can still open what they need.
    ///
    /// - Parameter open: how many files are open before the first connection. Each event loop has three, so it depends
    ///   on the machine.
    static func connections(ofLimit limit: Int, open: Int) -> Int {
        max(8, limit - open - reserved(limit))
    }
}
