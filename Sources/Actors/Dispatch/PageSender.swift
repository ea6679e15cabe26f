internal import Domain
internal import Logging
internal import Providers
internal import Store

/// Sends messages that were claimed for one provider, each after a last look whether its pages are still wanted.
struct PageSender: Sendable {
    let provider: any Provider
    let retries: RetryPolicy
    let composer: MessageComposer
    let context: IncidentContext
    let followUps: FollowUpWorker
    let recorder: AttemptRecorder
    let memory: DispatchMemory
    let logger: Logger

    private var time: TimeSource { context.time }

    /// Sends one message and stores the result. Pages that end without being delivered move their incidents on.
    ///
    /// - Parameter recorded: called with what is next for its pages, once that is stored.
    func attempt(
        _ claimed: ClaimedMessage, under held: HeldLease,
        recorded: @escaping @Sendable ([DeliveryAttempt.Next]) -> Void
    ) async {
        let look = await composer.lastLook(at: claimed)
        let (wanted, withdrawn) = split(claimed, look.withdrawn)
        var results = withdrawn
        if let wanted {
            results.append(await deliver(wanted, look, under: held))
        } else {
            await provider.gate.release(1)
        }
        let next = results.map(\.next)
        await recorder.record(results) { [followUps] ended in
            recorded(next)
            await followUps.perform(ended.compactMap(\.followUp))
        }
    }

    /// Splits a message that is about to leave into the pages still wanted and the results for the others.
    private func split(_ claimed: ClaimedMessage, _ reasons: [PageID: String]) -> (ClaimedMessage?, [DeliveryAttempt]) {
        guard !reasons.isEmpty else { return (claimed, []) }
        var wanted = claimed
        wanted.pages.removeAll { reasons[$0.page.id] != nil }
        let results = claimed.pages.compactMap { page -> DeliveryAttempt? in
            guard let reason = reasons[page.page.id] else { return nil }
            var message = claimed
            message.pages = [page]
            let now = time.now()
            return DeliveryAttempt(
                message: message, provider: provider.name, receipt: .notSent(reason: reason), next: .retry(at: now),
                startedAt: now, duration: .zero, receiptDueAt: nil, people: [:])
        }
        return (wanted.pages.isEmpty ? nil : wanted, results)
    }

    private func deliver(_ claimed: ClaimedMessage, _ look: LastLook, under held: HeldLease) async -> DeliveryAttempt {
        let startedAt = time.now()
        let start = time.monotonic()
        let configuration = context.configuration.current
        let receipt = await receipt(for: claimed, look, configuration, under: held)
        if receipt.mayHaveLeft { memory.noteLeft(claimed) }
        let channel = claimed.pages[0].page.channel
        context.deliveries.count(channel, receipt.word, time.monotonic() - start)
        logger.info(
            "attempted a page",
            metadata: [
                "message": "\(claimed.id)", "provider": "\(provider.name)", "channel": "\(channel.rawValue)",
                "result": "\(receipt.word)", "pages": "\(claimed.pages.count)",
            ])
        return DeliveryAttempt(
            message: claimed, provider: provider.name, receipt: receipt, next: next(after: receipt, claimed),
            startedAt: startedAt, duration: time.monotonic() - start,
            receiptDueAt: provider.reportTimeout(for: channel).map { time.now() + $0 },
            people: Dictionary(
                claimed.pages.map { ($0.page.userID, configuration.name(of: $0.page.userID)) }
            ) { first, _ in first })
    }

    private func receipt(
        for claimed: ClaimedMessage, _ look: LastLook, _ configuration: Configuration, under held: HeldLease
    ) async -> Receipt {
        let page = claimed.pages[0].page
        // A page dropped here says nothing about the provider's health.
        if let reason = configuration.reasonToDrop(page) {
            await provider.gate.release(1)
            return .permanent(Fault(.recipient, reason))
        }
        let message: Message
        do {
            message = try composer.message(for: claimed, look, names: configuration)
        } catch {
            await provider.gate.release(1)
            return .notSent(reason: "\(error)")
        }
        if let pause = await provider.gate.admit(page.address) {
            await provider.gate.release(1)
            let words = "This address has failed repeatedly. The next attempt is possible in \(pause.words)."
            return .permanent(Fault(.recipient, words))
        }
        let receipt = await provider.deliver(message, mayStillSend: { held.isValid })
        await provider.gate.finish(receipt, to: page.address)
        return receipt
    }

    private func next(after receipt: Receipt, _ claimed: ClaimedMessage) -> DeliveryAttempt.Next {
        switch receipt {
        case .accepted: return .sent
        case .permanent: return .fail
        case .temporary(let fault, let retryAfter): return retry(claimed, retryAfter, isDoubtful: fault.isDoubtful)
        // Retry even what was not sent, because retries are limited: its text may be the part that can't be read.
        case .unknown, .notSent: return retry(claimed, nil)
        }
    }

    private func retry(
        _ claimed: ClaimedMessage, _ retryAfter: Duration?, isDoubtful: Bool = false
    ) -> DeliveryAttempt.Next {
        let attempts = claimed.pages.map(\.page.attempts).max() ?? 1
        switch retries.verdict(
            attempts: attempts, retryAfter: retryAfter, isDoubtful: isDoubtful, jitter: time.random())
        {
        case .retry(let delay): return .retry(at: time.now() + delay)
        case .giveUp: return .fail
        }
    }
}
