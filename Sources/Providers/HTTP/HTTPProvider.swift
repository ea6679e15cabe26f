package import Domain

/// Delivers the messages of one channel through a vendor that takes them over HTTP.
package actor HTTPProvider: Provider {
    package nonisolated let name: String
    package nonisolated let channels: Set<Channel>
    package nonisolated let gate: Gate
    private nonisolated let vendor: any HTTPVendor
    private let client: CurlClient
    private let time: TimeSource

    package init(_ vendor: any HTTPVendor, for channel: Channel, client: CurlClient, time: TimeSource) {
        self.vendor = vendor
        self.client = client
        self.time = time
        name = vendor.name
        channels = [channel]
        gate = Gate(limits: vendor.limits, time: time)
    }

    /// The vendor, if it calls PagerPal to report.
    package nonisolated var reporting: (any ReportingVendor)? { vendor as? any ReportingVendor }

    /// What browsers need to subscribe, if this is their provider.
    package nonisolated var pushKey: String? { (vendor as? WebPushVendor)?.signature.publicKey }

    package nonisolated func reportTimeout(for channel: Channel) -> Duration? { vendor.reportTimeout(for: channel) }

    package func deliver(_ message: Message, mayStillSend: @escaping @Sendable () -> Bool) async -> Receipt {
        let asked = vendor.request(for: message)
        let request = CurlRequest(
            url: asked.url, kind: .http(method: asked.method, headers: asked.headers, body: asked.body),
            reach: vendor.reach, timeout: vendor.timeout, isCancellable: false, mayStart: mayStillSend)
        guard mayStillSend() else { return .notSent(reason: "the lease ran out") }
        let receipt: Receipt
        do {
            let response = try await client.perform(request)
            receipt = self.receipt(
                for: VendorAnswer(response, retryAfter: response.retryAfter(at: time.now())), isPost: message.isPost)
        } catch {
            receipt = self.receipt(for: error)
        }
        return receipt.redacting(vendor.secrets + secrets(of: message, at: asked.url))
    }

    /// Many people may see a fault, so it must not repeat what only the recipient may know.
    private func secrets(of message: Message, at url: String) -> [String?] {
        let digits = message.address.drop { $0 == "+" }
        return [
            url, message.url, message.shortText, message.speech?.english, message.text, message.address, String(digits),
        ]
            // The last part of a web address is often its key.
            + [
                message.address.hasPrefix("https://")
                    ? url.split(separator: "/").last.map(String.init) : nil
            ]
    }

    private func receipt(for answer: VendorAnswer, isPost: Bool) -> Receipt {
        switch vendor.verdict(on: answer) ?? usualVerdict(on: answer) {
        case .accepted(let reference):
            let own = isPost ? vendor.postReference(in: answer) : nil
            return .accepted(reference: reference ?? own, note: "answered \(answer.status)")
        case .later(let pause):
            let what = answer.status == 429 ? "asks to slow down" : "has a problem"
            return .temporary(fault(.transient, what, answer), retryAfter: pause)
        case .refused(.account):
            return .permanent(fault(.account, "refused the request", answer, vendor.advice))
        case .refused(let blame): return .permanent(fault(blame, "refused the message", answer))
        case .unclear: return .unknown(fault(.transient, "gave an unclear answer", answer))
        }
    }

    private func usualVerdict(on answer: VendorAnswer) -> VendorVerdict {
        switch answer.status {
        case 200..<300: .accepted(reference: nil)
        case 408, 425, 429, 500...: .later(after: answer.retryAfter)
        case 401, 403: .refused(vendor.advice == nil ? .recipient : .account)
        case 300..<400, 404, 405: .refused(vendor.advice == nil ? .recipient : .account)
        case 410: .refused(.recipient)
        default: .refused(.message)
        }
    }

    /// `Telegram refused the message (403): Forbidden: bot was blocked by the user.`
    private func fault(_ blame: Fault.Blame, _ what: String, _ answer: VendorAnswer, _ advice: String? = nil) -> Fault {
        let words = vendor.words(in: answer)?.trimmingBlanks().prefix(300) ?? ""
        let end = words.last.map { ".!?".contains($0) } == true ? "" : "."
        let said = words.isEmpty ? "" : ": \(words)"
        let sentence = "\(vendor.title) \(what) (\(answer.status))\(said)\(end)"
        return Fault(blame, advice.map { "\(sentence) \($0)" } ?? sentence)
    }

    private func receipt(for error: CurlError) -> Receipt {
        let words = "\(vendor.title): \(error)"
        let isOperators = vendor.advice != nil
        switch error {
        case .lostAfterSending, .answerTooLong: return .unknown(Fault(.transient, words))
        case .cancelled: return .unknown(Fault(.transient, "The request to \(vendor.title) was interrupted."))
        case .notStarted: return .notSent(reason: error.description)
        case .tlsImpossible, .addressNotAllowed:
            return .permanent(
                Fault(
                    isOperators ? .account : .recipient,
                    "\(words)\(vendor.advice.map { " \($0)" } ?? "")"))
        case .nameNotResolved: return .temporary(Fault(.transient, words).doubtful, retryAfter: nil)
        case .notConnected, .tlsFailed, .timedOutBeforeSending, .other, .refused, .mailRefused,
            .loginNotPossible:
            return .temporary(Fault(.transient, words), retryAfter: nil)
        }
    }
}
