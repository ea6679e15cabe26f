package import Domain

/// Several vendors of one channel. A message goes to the first one that can take it now. If that one does not accept it,
/// the next one gets it at once.
///
/// Only the recipient's or the message's fault ends the search, because every other vendor would find the same.
package actor ProviderChain: Provider {
    package nonisolated let name: String
    package nonisolated let channels: Set<Channel>
    package nonisolated let gate: Gate
    package nonisolated let vendors: [any Provider]

    /// - Parameter vendors: two or more that serve the channel, in the order in which to ask them.
    package init(_ vendors: [any Provider], for channel: Channel, time: TimeSource) {
        self.vendors = vendors
        name = vendors.map(\.name).joined(separator: "+")
        channels = [channel]
        // Each vendor has its own limits. This gate only adds them up, and pauses when all vendors fail. While one vendor
        // keeps a message waiting, the others are free.
        let limits = vendors.map(\.gate.limits)
        gate = Gate(
            limits: ProviderLimits(
                perSecond: limits.map(\.perSecond).reduce(0, +), burst: limits.map(\.burst).reduce(0, +),
                concurrency: limits.map(\.concurrency).reduce(0, +)), time: time, isOneServer: false)
    }

    /// A report of any vendor is a report, and a vendor without reports never sends one. So the page waits for a report
    /// only if all vendors send them.
    package nonisolated func reportTimeout(for channel: Channel) -> Duration? {
        let timeouts = vendors.map { $0.reportTimeout(for: channel) }
        return timeouts.contains { $0 == nil } ? nil : timeouts.compactMap(\.self).max()
    }

    package func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        var failures: [Receipt] = []
        for vendor in vendors {
            guard let receipt = await vendor.deliverAtOnce(message, mayStillSend: mayStillSend) else { continue }
            switch receipt.consequence {
            case .end: return receipt.named(vendor.name)
            case .askNext: failures.append(receipt)
            }
        }
        return combined(failures)
    }

    private func combined(_ failures: [Receipt]) -> Receipt {
        let faults = failures.compactMap { receipt -> Fault? in
            switch receipt {
            case .temporary(let fault, _), .permanent(let fault), .unknown(let fault): fault
            case .accepted, .notSent: nil
            }
        }
        guard let first = faults.first else {
            return .temporary(
                Fault(.transient, "All vendors of this channel are pausing: \(name)."), retryAfter: .seconds(5))
        }
        let fault = Fault(first.blame, faults.map(\.explanation).joined(separator: " "), scope: .provider)
        if failures.contains(where: { if case .unknown = $0 { true } else { false } }) { return .unknown(fault) }
        let areAllFinal =
            failures.count == vendors.count && failures.allSatisfy { if case .permanent = $0 { true } else { false } }
        return areAllFinal ? .permanent(fault) : .temporary(fault, retryAfter: nil)
    }
}

extension Provider {
    /// Delivers a message without waiting for a turn. Nil when the provider is busy or pausing.
    package func deliverAtOnce(
        _ message: Message, mayStillSend: @escaping @Sendable () -> Bool = { true }
    ) async -> Receipt? {
        guard await gate.acquireNow() else { return nil }
        await gate.begin(message.address)
        let receipt = await deliver(message, mayStillSend: mayStillSend)
        await gate.finish(receipt, to: message.address)
        return receipt
    }
}

extension Receipt {
    fileprivate enum Consequence { case end, askNext }

    /// What a chain does after a vendor's answer.
    fileprivate var consequence: Consequence {
        switch self {
        case .accepted, .notSent: .end
        case .permanent(let fault), .temporary(let fault, _):
            switch fault.blame {
            case .recipient, .message: .end
            case .transient, .account: .askNext
            }
        // It may have arrived. Twice is better than not at all.
        case .unknown: .askNext
        }
    }

    /// The same receipt, with the vendor's name in the note.
    fileprivate func named(_ vendor: String) -> Receipt {
        guard case .accepted(let reference, let note) = self else { return self }
        return .accepted(reference: reference, note: "\(vendor)\(note.map { ": \($0)" } ?? "")")
    }
}
