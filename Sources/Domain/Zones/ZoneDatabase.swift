internal import Glibc
internal import Synchronization

/// The time zone database of the system, so that a new law takes effect by an update of the package tzdata.
///
/// A file is read again when it has changed. Its folder is `/usr/share/zoneinfo`, or the value of `TZDIR`.
package enum ZoneDatabase {
    /// The folder that holds the files.
    package static let folder: String = getenv("TZDIR").map { String(cString: $0) } ?? "/usr/share/zoneinfo"

    /// Whether the system has a time zone database.
    package static var isAvailable: Bool { rules(named: "Europe/London") != nil }

    private struct Known {
        var identity: FileIdentity
        var rules: ZoneRules?
    }

    /// There are fewer names in the database.
    private static let limit = 2_000
    private static let known = Mutex<[String: Known]>([:])

    /// Returns the rules of a zone, or nil when the database has none of this name.
    static func rules(named name: String) -> ZoneRules? {
        if name == "UTC" { return .utc }
        guard known.withLock({ $0[name] != nil }) || isPlain(name) else { return nil }
        let path = "\(folder)/\(name)"
        guard let identity = FileIdentity(path) else { return nil }
        return known.withLock { known in
            if let found = known[name], found.identity == identity { return found.rules }
            let rules = bytes(path).flatMap(ZoneRules.init(tzif:))
            if known.count >= limit { known = [:] }
            known[name] = Known(identity: identity, rules: rules)
            return rules
        }
    }

    /// Whether a name stays in the folder. The variants with leap seconds do not count as zones.
    private static func isPlain(_ name: String) -> Bool {
        let parts = name.split(separator: "/", omittingEmptySubsequences: false)
        return name.utf8.count <= 100 && !["posix", "right"].contains(parts[0])
            && parts.allSatisfy { part in
                part.first?.isLetter == true
                    && part.utf8.allSatisfy { byte in
                        switch byte {
                        case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"),
                            UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "_"), UInt8(ascii: "-"),
                            UInt8(ascii: "+"):
                            true
                        default: false
                        }
                    }
            }
    }

    private static func bytes(_ path: String) -> [UInt8]? {
        guard let file = fopen(path, "rb") else { return nil }
        defer { fclose(file) }
        var bytes = [UInt8](repeating: 0, count: FileIdentity.sizeLimit)
        let count = fread(&bytes, 1, bytes.count, file)
        return Array(bytes.prefix(count))
    }
}

/// What tells one version of a file from another.
private struct FileIdentity: Hashable {
    /// The largest file of the database has about 4 KB.
    static let sizeLimit = 65_536

    let device: UInt64
    let inode: UInt64
    let size: Int64
    /// The bytes of the time of the last change. A static build can't name their members.
    let changedAt: [UInt8]

    /// Nil when there is no regular file of a reasonable size.
    init?(_ path: String) {
        var status = stat()
        guard stat(path, &status) == 0, status.st_mode & S_IFMT == S_IFREG, status.st_size <= FileIdentity.sizeLimit
        else { return nil }
        device = UInt64(status.st_dev)
        inode = UInt64(status.st_ino)
        size = Int64(status.st_size)
        changedAt = withUnsafeBytes(of: status.st_mtim) { Array($0) }
    }
}
