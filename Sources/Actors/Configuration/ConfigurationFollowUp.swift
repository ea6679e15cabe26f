internal import Database
internal import Domain
internal import Logging
internal import Store

/// Applies a configuration change to work in progress. Queued pages follow new rules and contact methods, a disabled
/// user's incidents move on, held incidents follow the maintenance windows, and monitors follow their new intervals.
struct ConfigurationFollowUp: Sendable {
    let context: IncidentContext
    let directory: IncidentDirectory
    let eventBus: EventBus
    let logger: Logger

    func follow(from before: Configuration, to after: Configuration, by author: Author) async {
        let users = Set(before.users.keys).union(after.users.keys)
        do {
            for user in users.sorted() where before.paging(of: user) != after.paging(of: user) {
                try await replan(user)
                if before.isPresent(user) && !after.isPresent(user) {
                    try await handOver(from: user, before, after, author)
                }
            }
        } catch {
            // The dispatcher drops pages to disabled users and contact methods anyway. Only the new rules are delayed.
            logger.error("open incidents can't follow a change of the configuration", metadata: ["error": "\(error)"])
        }
        do {
            if before.maintenanceWindows != after.maintenanceWindows { try await reconsiderHeld() }
            for monitor in after.heartbeats.values.sorted(by: { $0.id < $1.id }) {
                if let old = before.heartbeats[monitor.id], old != monitor { try await replan(monitor) }
            }
        } catch {
            logger.error("a change of monitors or maintenance is not followed", metadata: ["error": "\(error)"])
        }
    }

    private func reconsiderHeld() async throws(DatabaseError) {
        for incident in try await context.store.heldIncidents() {
            _ = await directory.perform(CommandRequest(.maintenanceChanged, by: .system), on: incident)
        }
    }

    private func replan(_ monitor: Heartbeat) async throws(DatabaseError) {
        let change = try await context.store.changeHeartbeat(monitor.id, at: context.time.now()) {
            monitor.stateAfterChange($0)
        }
        if let dueAt = change?.after.dueAt { eventBus.publish(.heartbeat(dueAt: dueAt)) }
    }

    private func replan(_ user: UserID) async throws(DatabaseError) {
        for (incident, turn, pages) in try await context.store.turns(of: user) {
            let command = Command.rulesChanged(user, turn: turn, pages: pages)
            _ = await directory.perform(CommandRequest(command, by: .system), on: incident)
        }
    }

    /// Records who takes over the user's shifts and moves the user's incidents on.
    private func handOver(
        from user: UserID, _ before: Configuration, _ after: Configuration, _ author: Author
    ) async throws(DatabaseError) {
        let now = context.time.now()
        let name = before.name(of: user)
        var notes: [AuditRecord] = []
        for schedule in after.schedules.values.sorted(by: { $0.id < $1.id }) {
            guard let old = before.schedules[schedule.id], old.mentions(user) else { continue }
            let was = old.onCall(at: now, isPresent: before.isPresent)
            let people = schedule.onCall(at: now, isPresent: after.isPresent).map { after.name(of: $0) }
            let relief = people.isEmpty ? "nobody is on call" : "\(people.joined(separator: ", ")) is on call"
            let note =
                was.contains(user)
                ? "\(name) was disabled while on call; \(relief) now"
                : "\(name) was disabled; the next participants take the turns"
            notes.append(
                AuditRecord(
                    id: context.store.identifiers.next(), at: now, author: author, action: .noted,
                    subject: .init(.schedule, schedule.id.rawValue), name: schedule.name, note: note))
        }
        if !notes.isEmpty { try await context.store.append(notes) }
        for incident in try await context.store.openIncidents() {
            let pages = try await context.store.pages(of: incident, cycle: nil)
            let command = Command.responderGone(user, name: name, pages: pages)
            _ = await directory.perform(CommandRequest(command, by: .system), on: incident)
        }
    }
}

/// Everything that decides how a user is paged.
private struct Paging: Equatable {
    let isPresent: Bool
    let quietHours: QuietHours?
    let timeZone: String?
    let rules: [NotificationRule]
    let contactMethods: [ContactMethod]
}

extension Configuration {
    fileprivate func paging(of user: UserID) -> Paging {
        Paging(
            isPresent: isPresent(user), quietHours: users[user]?.quietHours, timeZone: users[user]?.timeZone,
            rules: rules[user] ?? [], contactMethods: contactMethods(of: user))
    }
}
