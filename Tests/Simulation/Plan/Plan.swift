package import Domain
import Providers
import Store

/// What happens in a simulation. The order in which tasks run, and how long calls take, is not part of it: the seed
/// decides that.
package struct Plan: Sendable {
    package var seed: UInt64
    /// The number of hosts, each with one process at a time.
    package var hosts: Int
    package var lease: Duration
    package var bundlingWindow: Duration
    package var patience: Duration?
    /// How far the wall clock of each host is ahead of the database's.
    package var wallOffsets: [Duration]
    /// By how many millionths the monotonic clock of each host is fast.
    package var drifts: [Int64]
    package var steps: [Step]
    /// After this, nothing fails any more.
    package var horizon: Duration
    /// How long everything then has to come to rest.
    package var settling: Duration

    package struct Step: Sendable, CustomStringConvertible {
        package var number: Int
        package var at: Duration
        package var action: Action

        package var description: String { "\(number): after \(at) \(action)" }
    }

    package enum Action: Sendable {
        case alert(source: Int, key: Int, status: AlertEvent.Status, severity: Severity, host: Int)
        /// Several alerts in one request.
        case alerts(source: Int, keys: [Int], host: Int)
        /// A person acts on an incident.
        case act(person: Int, Deed, incident: Int, host: Int)
        /// A person writes to the Telegram bot about an incident.
        case write(person: Int, Word, incident: Int)
        /// A person acts some time after a message reached them.
        case react(person: Int, message: Int, after: Duration, Deed, host: Int)
        /// Something happens some time after a moment that matters.
        case ambush(Moment, after: Duration, Ambush)
        /// A host freezes right after it has sent a transaction. The transaction arrives some time after a lease got a
        /// new epoch.
        case strand(host: Int, Workload, freeze: Duration, arrival: Duration)
        /// A process dies, and another one starts in its place.
        case kill(host: Int, down: Duration)
        /// A process is told to end, and another one starts in its place.
        case stop(host: Int, down: Duration)
        case freeze(host: Int, Duration)
        /// The database can't be reached.
        case outage(Duration)
        /// The database fails over to a replica that lacks the transactions of the last moments.
        case failover(tail: Duration, down: Duration)
        /// One host can't reach the database.
        case cut(host: Int, Duration)
        /// The answer to a transaction of a host is lost.
        case lose(host: Int, Workload, Fate)
        /// The database is slow.
        case slow(Duration, upTo: Duration)
        /// A host hears no notifications.
        case deaf(host: Int, Duration)
        case provider(Channel, Mood, Duration)
        case wallJump(host: Int, Duration)
        /// Somebody changes the configuration.
        case configure(Setting, host: Int)
        case databaseJump(Duration)
    }

    package enum Deed: Sendable, CaseIterable {
        case acknowledge, resolve, snooze, escalate, reassign, reopen, undo, note
    }

    /// What a person writes to the bot.
    package enum Word: String, Sendable, CaseIterable { case ack, resolve, huh }

    /// A change of the configuration.
    package enum Setting: Sendable {
        /// Disables or enables one of the first two people.
        case presence(Int, isEnabled: Bool)
        /// Gives a person another number for SMS.
        case number(Int)
        /// Takes a person's rule for urgent mails away.
        case rules(Int)
    }

    /// A moment for an ambush. Moments of a kind are counted from 0.
    package enum Moment: Sendable, Hashable {
        /// The claim of a message, which is handed over next.
        case claim(Int)
        /// The failure of a page, after which the person's next page must leave.
        case failure(Int)
    }

    /// What happens after a moment, to its process or to its incidents.
    package enum Ambush: Sendable {
        case act(person: Int, Deed, host: Int)
        case kill(down: Duration)
        case stop(down: Duration)
        case freeze(Duration)
        case cut(Duration)
        /// The next transaction of its dispatcher, mostly the result, arrives after a new epoch began.
        case strand(freeze: Duration, arrival: Duration)
    }

    package enum Workload: Sendable, CaseIterable { case lease, commit, dispatch }

    /// What becomes of a transaction whose answer is lost.
    package enum Fate: Sendable, Hashable {
        case neverRan
        case committed
        /// It runs after its caller has given up.
        case late(Duration)
    }

    /// How a provider behaves.
    package enum Mood: Sendable, CaseIterable {
        case well
        /// Refuses for now.
        case busy
        case refusing
        /// Takes the message, but its answer is lost.
        case takingSilently
        /// Takes nothing, and its answer is lost.
        case losing
        case slow
        /// One of these for each message.
        case moody
        /// Accepts, and reports a failure later.
        case reportingFailure
        /// Accepts and never reports.
        case silent
        /// Reports twice, once before its answer.
        case reportingTwice
    }
}
