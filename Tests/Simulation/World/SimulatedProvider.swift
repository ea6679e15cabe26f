import Actors
import Domain
import Providers

/// Delivers the messages of one process on some channels to the world's people and the channels of its team.
actor SimulatedProvider: Provider {
    nonisolated let name: String
    nonisolated let channels: Set<Channel>
    nonisolated let gate: Gate
    private let process: Process
    private let world: World

    init(channels: Set<Channel>, time: TimeSource, process: Process, world: World) {
        name = "simulated \(channels.map(\.rawValue).sorted().joined(separator: " and "))"
        self.channels = channels
        gate = Gate(limits: ProviderLimits(perSecond: 50, burst: 20, concurrency: 8), time: time)
        self.process = process
        self.world = world
    }

    nonisolated func reportTimeout(for channel: Channel) -> Duration? { channel == .sms ? .seconds(30) : nil }

    func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        guard mayStillSend() else { return .notSent(reason: "the lease ran out") }
        await world.scheduler.pause(.milliseconds(2 + world.draw(40)))
        guard mayStillSend() else { return .notSent(reason: "the lease ran out") }
        if process.isClosed { return .notSent(reason: "the simulation is over") }
        let answer = world.providers.take(message, from: process)
        await world.scheduler.pause(answer.after)
        return answer.receipt
    }
}

/// What the providers do with messages.
final class ProviderWorld: @unchecked Sendable {
    struct Answer {
        let receipt: Receipt
        let after: Duration
    }

    private let world: World
    private var moods: [Channel: Plan.Mood] = [:]

    init(_ world: World) { self.world = world }

    func set(_ channel: Channel, _ mood: Plan.Mood) { moods[channel] = mood }

    func heal() { moods = [:] }

    /// A request has been written. From here on only the provider decides whether the message arrives.
    func take(_ message: Message, from process: Process) -> Answer {
        var mood = moods[message.channel] ?? .well
        if case .moody = mood { mood = [.well, .busy, .takingSilently, .losing, .slow][world.draw(5)] }
        let isTaken: Bool
        let answer: Answer
        let quick: Duration = .milliseconds(5 + world.draw(300))
        switch mood {
        case .well, .reportingFailure, .silent, .reportingTwice, .moody:
            (isTaken, answer) = (true, Answer(receipt: accepted(message), after: quick))
        case .slow:
            let long: Duration = .seconds(3 + world.draw(15))
            (isTaken, answer) = (true, Answer(receipt: accepted(message), after: long))
        case .busy:
            let pause: Duration? = world.draw(3) == 0 ? .seconds(3) : nil
            let receipt = Receipt.temporary(Fault(.transient, "busy"), retryAfter: pause)
            (isTaken, answer) = (false, Answer(receipt: receipt, after: quick))
        case .refusing:
            (isTaken, answer) = (false, Answer(receipt: .permanent(Fault(.recipient, "no such number")), after: quick))
        case .takingSilently, .losing:
            let receipt = Receipt.unknown(Fault(.transient, "the answer was lost"))
            let long: Duration = .seconds(1 + world.draw(19))
            (isTaken, answer) = (mood == .takingSilently, Answer(receipt: receipt, after: long))
        }
        if message.isPost {
            world.history.posted(message, by: process, isTaken: isTaken, receipt: answer.receipt)
            return answer
        }
        // What administrators are told past the queue has no page.
        if message.id.hasPrefix("alarm-") {
            world.history.note("process \(process.number) tells \(message.address): \(message.text)")
            return answer
        }
        world.history.handedOver(message, by: process, isTaken: isTaken, receipt: answer.receipt)
        if isTaken {
            world.people.received(message)
            if message.channel == .sms { report(message, mood, answer.after) }
        }
        return answer
    }

    /// One of the team's channels can be edited.
    private func accepted(_ message: Message) -> Receipt {
        .accepted(reference: message.address == Cast.editedAddress ? message.thread : nil, note: nil)
    }

    private func report(_ message: Message, _ mood: Plan.Mood, _ answered: Duration) {
        let usual: Duration = .milliseconds(500 + world.draw(5000))
        switch mood {
        case .silent: break
        case .reportingFailure: send(message, .failed, after: usual)
        case .reportingTwice:
            send(message, .delivered, after: answered * 0.5)
            send(message, .delivered, after: usual)
        case .well, .busy, .refusing, .takingSilently, .losing, .slow, .moody:
            send(message, .delivered, after: usual)
        }
    }

    /// A report goes to any process that serves. The provider tries again while none takes it.
    private func send(_ message: Message, _ status: DeliveryReport.Status, after pause: Duration, tries: Int = 6) {
        world.scheduler.after(pause) { [self] in
            guard !world.isOver, tries > 0 else { return }
            guard let process = world.anyProcess() else {
                return send(message, status, after: .seconds(5), tries: tries - 1)
            }
            let report = DeliveryReport(messageID: message.id, status: status, at: nil, explanation: "reported")
            process.serve { [self] engine in
                do {
                    try await engine.pages.apply([report])
                } catch {
                    send(message, status, after: .seconds(5), tries: tries - 1)
                }
            }
        }
    }
}
