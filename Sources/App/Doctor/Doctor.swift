internal import Actors
internal import Database
internal import Domain
internal import Foundation
internal import Providers
internal import Store

/// Checks a PagerPal from outside the running process, with the same settings.
struct Doctor: Sendable {
    let settings: Settings
    let time: TimeSource

    /// All findings, in the order in which they should be read.
    func findings() async -> [Finding] {
        var findings: [Finding] = []
        findings += secrets()
        findings += await database()
        findings += providers()
        findings += await twin()
        findings += await signIn()
        findings.append(openFiles())
        findings.append(zones())
        return findings
    }

    /// `.env` contains secrets, so other users must not read it.
    private func secrets() -> [Finding] {
        let facts = try? FileManager.default.attributesOfItem(atPath: ".env")
        guard let mode = facts?[.posixPermissions] as? Int, mode & 0o007 != 0 else { return [] }
        return [.warning("settings", ".env can be read by every user of this host.", "chmod 640 .env")]
    }

    private func database() async -> [Finding] {
        umask(0o077)
        if case .sqlite(let path) = settings.database, path != ":memory:" {
            guard FileManager.default.fileExists(atPath: path) else {
                return [.failed("database", "There is no file \(path).", "pagerpal migrate creates it.")]
            }
        }
        do throws(DatabaseError) {
            let database = try openDatabase(settings.database)
            let store = Store(database: database, identifiers: .uuids(time: time))
            let findings: [Finding]
            do throws(DatabaseError) {
                findings = try await checks(of: store)
            } catch {
                await database.close()
                throw error
            }
            await database.close()
            return findings
        } catch {
            return [.failed("database", settings.database.redacted, "\(error)")]
        }
    }

    private func checks(of store: Store) async throws(DatabaseError) -> [Finding] {
        let asked = time.monotonic()
        let databaseTime = try await store.databaseTime()
        let took = time.monotonic() - asked
        let skew = time.now() - databaseTime
        var findings = [Finding.ok("database", "\(settings.database.redacted) answers in \(words(took)).")]
        findings.append(clock(skew, took))
        findings.append(disk())
        switch try await store.schemaState() {
        case .current(let number): findings.append(.ok("schema", "It is at \(number), as this program needs it."))
        case .behind(let has, let needs):
            return findings + [
                .failed(
                    "schema", "It is at \(has) and must be at \(needs).", "Make a backup, then run: pagerpal migrate")
            ]
        case .ahead(let has, let knows):
            return findings + [
                .failed("schema", "It is at \(has); this program knows \(knows).", "Install the newer version.")
            ]
        }
        do {
            try await store.checkWriting(at: time.now())
            findings.append(.ok("writing", "The database accepts changes."))
        } catch {
            findings.append(.failed("writing", "The database accepts no changes.", "\(error)"))
        }
        findings += duties(try await store.leaseStatuses())
        findings += try await work(of: store)
        return findings
    }

    private func clock(_ skew: Duration, _ took: Duration) -> Finding {
        let size = max(skew, .zero - skew)
        guard size > DatabaseClock.bound + took else {
            return .ok("clock", "This host and the database agree within \(words(max(size, .milliseconds(1)))).")
        }
        return .failed(
            "clock", "This host's clock differs from the database's by \(words(size)).",
            "Synchronize both with NTP. PagerPal uses the database's clock.")
    }

    private func disk() -> Finding {
        guard case .sqlite(let path) = settings.database, let space = DiskSpace(ofFile: path) else {
            return .ok("disk", "The database server's disk is not checked.")
        }
        let text = "\(space.free >> 20) MiB are free where the database is."
        switch space.level {
        case .enough: return .ok("disk", text)
        case .little: return .warning("disk", text, "Free some space: a full disk stops new alerts.")
        case .none: return .failed("disk", text, "Free some space now: a full disk stops new alerts.")
        }
    }

    private func duties(_ leases: [Lease.Duty: LeaseStatus]) -> [Finding] {
        Lease.Duty.allCases.map { duty in
            guard let lease = leases[duty], lease.isHeld else {
                return .failed("duties", "No process performs \(duty.rawValue).", "Start one: pagerpal serve")
            }
            return .ok("duties", "\(duty.rawValue): process \(lease.holder.prefix(13))…, epoch \(lease.epoch).")
        }
    }

    /// What waits, what is damaged, and who can't be reached.
    private func work(of store: Store) async throws(DatabaseError) -> [Finding] {
        var findings: [Finding] = []
        let configuration = try await store.configuration()
        for row in store.damagedRows.all.prefix(5) {
            findings.append(
                .failed(
                    "rows", "A row of \(row.table) can't be read and is ignored: \(row.id).",
                    "\(row.reason) Restore it from a backup."))
        }
        let oldest = try await store.waitingPages(limit: 1).first?.page.dueAt
        let delay = oldest.map { time.now() - $0 } ?? .zero
        findings.append(
            delay > .minutes(1)
                ? .warning(
                    "pages", "The oldest waiting page was due \(words(delay)) ago.",
                    "Look at /notifications and at the log of the process that dispatches.")
                : .ok("pages", "No page is late."))
        if configuration.users.isEmpty {
            findings.append(.failed("people", "There is no user.", "pagerpal create-admin --email you@example.com"))
        } else if configuration.administrators.isEmpty {
            findings.append(.warning("people", "There is no administrator.", "pagerpal create-admin --email …"))
        }
        if let name = settings.twin?.team, configuration.team(named: name) == nil {
            findings.append(
                .failed(
                    "twin", "There is no team \(name), so only the administrators would be told.", "Correct TWIN_TEAM.")
            )
        }
        let warnings = configuration.coverage(from: time.now(), channels: settings.channels)
        findings += warnings.prefix(20).map { .warning("coverage", $0.text, "See the dashboard.") }
        if warnings.isEmpty { findings.append(.ok("coverage", "Everybody who may be paged can be reached.")) }
        return findings
    }

    private func providers() -> [Finding] {
        var findings: [Finding] = []
        if !settings.isSendingEnabled {
            findings.append(
                .warning(
                    "sending", "It is off: pages are withheld and never sent by themselves.",
                    "Set NOTIFICATION_SENDING_ENABLED=true."))
        }
        for provider in makeProviders(settings.providers, time: time) {
            let channels = provider.channels.map(\.name).sorted().joined(separator: ", ")
            findings.append(.ok("providers", "\(provider.name): \(channels). --send-test-to tries it."))
        }
        findings += slack()
        if settings.channels.subtracting([.webhook]).isEmpty {
            findings.append(
                .warning(
                    "providers", "Nothing can send e-mail, SMS or calls.", "Set SMTP_HOST, or INFOBIP_BASE_URL."))
        }
        return findings
    }

    /// Asks the other PagerPal, as the dispatching process does.
    private func twin() async -> [Finding] {
        guard let twin = settings.twin else { return [] }
        let fault = await TwinWatch.fault(twin.fetch(CurlClient()), token: twin.token)
        guard let fault else { return [.ok("twin", "\(twin.url) answers, and is well.")] }
        return [.failed("twin", "\(fault.title(Twin.host(of: twin.url), since: time.now())).", fault.advice(twin.url))]
    }

    private func openFiles() -> Finding {
        let limit = OpenFiles.raiseLimit()
        let connections = OpenFiles.connections(ofLimit: limit, open: OpenFiles.count())
        let text = "\(limit) may be open, so at most \(connections) connections are accepted."
        guard limit < 1024 else { return .ok("files", text) }
        return .warning("files", text, "Raise the limit: LimitNOFILE=65536 in the systemd unit, or ulimit -n.")
    }

    /// The rules of time zones are the system's. Governments change them several times a year.
    private func zones() -> Finding {
        guard ZoneDatabase.isAvailable else {
            return .failed("zones", "The system has no time zones in \(ZoneDatabase.folder).", "Install tzdata.")
        }
        // The text form of the database begins with “# version 2026a”.
        let file = FileHandle(forReadingAtPath: "\(ZoneDatabase.folder)/tzdata.zi")
        let head = (try? file?.read(upToCount: 64)).map { String(decoding: $0, as: UTF8.self) } ?? ""
        let version = head.split(whereSeparator: \.isWhitespace).dropFirst(2).first.map { String($0.prefix(10)) }
        guard let version, head.hasPrefix("# version "), let year = Int(version.prefix(4)) else {
            return .ok("zones", "The rules of time zones come from \(ZoneDatabase.folder); their version is not known.")
        }
        let text = "The rules of time zones are of version \(version)."
        let now = Int(LocalClock.utc.date(at: time.now()).description.prefix(4)) ?? 0
        guard now - year > 1 else { return .ok("zones", text) }
        return .warning("zones", text, "Update tzdata: hand-offs may be off by an hour in some zones.")
    }

    private func words(_ duration: Duration) -> String {
        duration < .seconds(1)
            ? "\(duration.components.attoseconds / 1_000_000_000_000_000) ms" : "\(duration.components.seconds) s"
    }
}

extension Doctor {
    /// Sends a test message through the provider of its channel.
    func sendTest(to address: String, channel name: String?) async -> Finding {
        guard let channel = name.map({ Channel(rawValue: $0) }) ?? Doctor.channel(of: address) else {
            let known = Channel.allCases.map(\.rawValue).joined(separator: ", ")
            return .failed("test", "There is no channel \(name ?? "").", "Use one of \(known).")
        }
        let address = channel.definition.address.normalized(address)
        if let fault = channel.definition.address.fault(in: address) {
            return .failed("test", "\(address) can't be used for \(channel.name).", fault)
        }
        guard settings.isSendingEnabled else {
            return .failed(
                "test", "Sending is off, so nothing was sent.",
                "For this test only: NOTIFICATION_SENDING_ENABLED=true pagerpal doctor --send-test-to \(address)")
        }
        let providers = makeProviders(settings.providers, time: time)
        guard let provider = providers.first(where: { $0.channels.contains(channel) }) else {
            return .failed("test", "No provider serves \(channel.name).", "Set its variables; see .env.example.")
        }
        let text = "Test from PagerPal at \(settings.baseURL). Nothing is wrong."
        let message = Message(
            id: Identifiers.uuids(time: time).next(Message.self).rawValue, channel: channel, address: address,
            urgency: .high, subject: "PagerPal: a test", shortText: text, text: text,
            body: #"{"type":"test","text":"Test from PagerPal. Nothing is wrong."}"#)
        switch await provider.deliver(message, mayStillSend: { true }) {
        case .accepted(let reference, _):
            return .ok("test", "\(provider.name) accepted it\(reference.map { " as \($0)" } ?? ""). Did it arrive?")
        case .temporary(let fault, _), .permanent(let fault), .unknown(let fault):
            return .failed("test", "\(provider.name) did not accept it.", fault.explanation)
        case .notSent(let reason): return .failed("test", "Nothing was sent.", reason)
        }
    }

    private static func channel(of address: String) -> Channel? {
        if address.hasPrefix("http://") || address.hasPrefix("https://") { return .webhook }
        return address.contains("@") ? .email : .sms
    }
}
