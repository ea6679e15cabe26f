import Database
import Domain
import Providers
import Store

/// What has happened so far, as the database and the providers saw it. It checks the invariants as it goes.
final class History: @unchecked Sendable {
    struct PageTrack {
        let incident: IncidentID?
        /// The same for the pages of one person in one cycle of an incident.
        let way: String
        var state: String
        var dueAt: Int64
        var changedAt: Int64
        var isMarked = false
        var isUnwanted = false
        /// The number of the commit that withdrew it.
        var withdrawnBy: Int?
        var takes: [Take] = []
    }

    /// A hand-over that the provider took.
    struct Take {
        let process: Int
        let host: Int
        let at: Int64
        let isUnclear: Bool
    }

    struct IncidentTrack {
        let name: String
        var state = ""
        var next: Int64?
        /// Whether its policy has come to its end.
        var isExhausted = false
    }

    /// A claim of a message by a process, and its last look at the database before the message leaves.
    struct Attempt {
        let commit: Int
        let breaks: Int
        var pages: [String]
        var look: (commits: Int, breaks: Int, at: Int64, excluded: Set<String>)?
    }

    struct LeaseTrack {
        var holder: String
        var epoch: Int64
        var expiresAt: Int64
    }

    let world: World
    /// The last commit and the instant before a tail that will be lost.
    var tail: (commit: Int, at: Int64)?
    /// The commits that failovers have lost.
    var lostCommits: [ClosedRange<Int>] = []
    private(set) var violation: Violation?
    private(set) var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    private(set) var log: [String] = []
    var counts = Counts()
    var pages: [String: PageTrack] = [:]
    var incidents: [IncidentID: IncidentTrack] = [:]
    private(set) var knownIncidents: [IncidentID] = []
    /// The latest attempt of each message, by process.
    var attempts: [String: [Int: Attempt]] = [:]
    var leases: [String: LeaseTrack] = [:]
    /// When something failed, where, and until when.
    private var troubles: [(host: Int?, from: Int64, until: Int64)] = []
    private(set) var troubledUntil: Int64 = 0
    private(set) var postsDelayedUntil: Int64 = 0
    /// What the readers of each channel saw of each incident, by the id of the post.
    var posts: [String: PostTrack] = [:]

    init(_ world: World) { self.world = world }

    // MARK: - Notes

    /// Adds a line to the history. Lines that are hashed must be the same whenever the simulation runs again.
    func note(_ line: @autoclosure () -> String, isHashed: Bool = true) {
        guard isHashed || world.keepsLog else { return }
        let text = line()
        if isHashed {
            var mixed = hash ^ UInt64(bitPattern: world.scheduler.now)
            for byte in text.utf8 { mixed = (mixed ^ UInt64(byte)) &* 0x100_0000_01b3 }
            hash = mixed
        }
        if world.keepsLog { log.append("\(Double(world.scheduler.now) / 1_000_000)  \(text)") }
    }

    func violate(_ invariant: Invariant, _ text: String) {
        guard violation == nil else { return }
        violation = Violation(invariant: invariant, at: world.scheduler.now, text: text)
        note("VIOLATION of \(invariant.rawValue): \(text)")
    }

    func trouble(_ host: Int?, until end: Int64) {
        troubles.append((host, world.scheduler.now, end))
        troubledUntil = max(troubledUntil, end)
    }

    /// Only the promises about time are off until then. What delays posts must delay no page.
    func delay(_ channel: Channel, until end: Int64) {
        if channel == .webhook {
            postsDelayedUntil = max(postsDelayedUntil, end)
        } else {
            troubledUntil = max(troubledUntil, end)
        }
    }

    /// Whether something failed on a host since an instant.
    func hadTrouble(_ host: Int, since instant: Int64) -> Bool {
        troubles.contains { ($0.host == nil || $0.host == host) && $0.until >= instant }
    }

    func name(_ incident: IncidentID) -> String { incidents[incident]?.name ?? incident.rawValue }

    func incidents(ofMessage message: String) -> [IncidentID] {
        let ids = attempts[message]?.values.flatMap(\.pages) ?? []
        return Set(ids.compactMap { pages[$0]?.incident }).sorted()
    }

    // MARK: - Commits

    func committed(_ commit: Server.Commit) {
        let before = incidents
        var reassigned: Set<IncidentID> = []
        var added: Set<String> = []
        let failed = commit.changes.filter {
            $0.kind == "page" && $0.values[0].text == "failed" && pages[$0.subject]?.state != "failed"
        }
        if let lease = commit.lease { checkFence(lease) }
        for change in commit.changes {
            note("\(commit.node) \(change.kind) \(change.subject) \(change.values.map(\.words).joined(separator: " "))")
            switch change.kind {
            case "lease": leaseChanged(change)
            case "page+":
                added.insert(change.subject)
                pageAdded(change)
            case "page": pageChanged(change, commit)
            case "incident": incidentChanged(change)
            case "timeline":
                if change.values[0].text.contains("\"reassigned\"") { reassigned.insert(IncidentID(change.subject)) }
            default: break
            }
        }
        withdraw(commit, before, reassigned, except: added)
        let claimed = commit.changes.filter { $0.kind == "page" && $0.values[0].text == "claimed" }
        let isClaim = claimed.contains { attempts[$0.values[3].text]?[commit.node]?.commit == commit.number }
        if isClaim {
            world.claimed(Set(claimed.compactMap { pages[$0.subject]?.incident }), by: world.processes[commit.node])
        }
        for change in failed { checkFollowUp(of: change.subject) }
        if !failed.isEmpty {
            world.failed(Set(failed.compactMap { pages[$0.subject]?.incident }), by: world.processes[commit.node])
        }
        checkHope(commit)
    }

    private func leaseChanged(_ change: Server.Change) {
        let (holder, epoch) = (change.values[0].text, change.values[1].integer ?? 0)
        let expiresAt = change.values[2].integer ?? 0
        if let known = leases[change.subject] {
            if epoch < known.epoch { violate(.epochs, "the epoch of \(change.subject) went back to \(epoch)") }
            if epoch == known.epoch && holder != known.holder {
                violate(.epochs, "epoch \(epoch) of \(change.subject) has a second holder")
            }
            let longest = Int64(62_000_000)
            let isOver =
                known.expiresAt <= world.server.now.microseconds
                || known.expiresAt > world.server.now.microseconds + longest
            if epoch != known.epoch && !isOver { violate(.epochs, "\(change.subject) was taken before it ended") }
            if epoch != known.epoch { world.network.releaseStranded() }
            if epoch != known.epoch && holder != known.holder { counts.takeOvers += 1 }
        }
        leases[change.subject] = LeaseTrack(holder: holder, epoch: epoch, expiresAt: expiresAt)
    }

    private func checkFence(_ lease: Lease) {
        let current = leases[lease.duty.rawValue]
        if current?.epoch != lease.epoch || current?.holder != lease.holder {
            violate(
                .fence, "a transaction under epoch \(lease.epoch) of \(lease.duty) committed in \(current?.epoch ?? 0)")
        }
    }

    private func pageAdded(_ change: Server.Change) {
        let incident = change.values[0].text
        pages[change.subject] = PageTrack(
            incident: incident.isEmpty ? nil : IncidentID(incident),
            way: "\(incident) \(change.values[3].text) \(change.values[5].integer ?? 0)", state: change.values[1].text,
            dueAt: change.values[2].integer ?? 0, changedAt: world.scheduler.now)
        counts.pages += 1
    }

    private func pageChanged(_ change: Server.Change, _ commit: Server.Commit) {
        guard var page = pages[change.subject] else { return }
        let state = change.values[0].text
        let isUnwanted = change.values[4] != .null
        let isBack = page.state == "cancelled" && state == "queued"
        if isBack || (page.isUnwanted && !isUnwanted) { page.withdrawnBy = nil }
        if state == "claimed" && page.state == "queued" {
            let epoch = change.values[2].integer
            if epoch != leases["dispatch"]?.epoch {
                violate(.fence, "a page was claimed under epoch \(epoch ?? 0), which is not current")
            }
            claimed(change.subject, change.values[3].text, commit)
        }
        page.state = state
        page.dueAt = change.values[1].integer ?? 0
        page.changedAt = world.scheduler.now
        page.isUnwanted = isUnwanted
        page.isMarked = change.values[5].integer == 1
        pages[change.subject] = page
    }

    private func claimed(_ page: String, _ message: String, _ commit: Server.Commit) {
        if attempts[message]?[commit.node]?.commit == commit.number {
            attempts[message]?[commit.node]?.pages.append(page)
        } else {
            let breaks = world.network.breaks(ofProcess: commit.node)
            attempts[message, default: [:]][commit.node] = Attempt(commit: commit.number, breaks: breaks, pages: [page])
        }
    }

    private func incidentChanged(_ change: Server.Change) {
        let id = IncidentID(change.subject)
        if incidents[id] == nil {
            knownIncidents.append(id)
            counts.incidents += 1
            incidents[id] = IncidentTrack(name: "incident \(knownIncidents.count)")
        }
        incidents[id]?.state = change.values[0].text
        incidents[id]?.next = change.values[3].integer
        incidents[id]?.isExhausted = change.values[4].text.contains("exhausted")
    }

    /// Marks the pages that a decision took back.
    private func withdraw(
        _ commit: Server.Commit, _ before: [IncidentID: IncidentTrack], _ reassigned: Set<IncidentID>,
        except added: Set<String>
    ) {
        for change in commit.changes where change.kind == "incident" {
            let id = IncidentID(change.subject)
            guard let track = incidents[id] else { continue }
            let isOwned = track.state != "triggered" && before[id]?.state != track.state
            guard isOwned || reassigned.contains(id) else { continue }
            for (page, known) in pages where known.incident == id && (isOwned || !added.contains(page)) {
                if ["queued", "claimed"].contains(known.state)
                    || (known.state == "cancelled" && known.withdrawnBy == nil)
                {
                    pages[page]?.withdrawnBy = commit.number
                }
            }
        }
    }
}

extension SQLValue {
    var integer: Int64? { if case .integer(let value) = self { value } else { nil } }
    var text: String { if case .text(let value) = self { value } else { "" } }

    var words: String {
        switch self {
        case .null: "-"
        case .integer(let value): String(value)
        case .real(let value): String(value)
        case .text(let value): value
        case .blob(let value): "\(value.count) bytes"
        }
    }
}
