internal import Domain
internal import Store

extension PageRecord {
    /// The page's progress: `sent after 0.4 s, delivered after another 2.1 s, 2 attempts`.
    func course(withAttempts: Bool = true) -> String {
        var words: [String] = []
        if let sentAt {
            words.append("sent after \(exactLength(sentAt - max(page.dueAt, queuedAt)))")
            if page.state == .delivered, let finishedAt {
                words.append("delivered after another \(exactLength(finishedAt - sentAt))")
            }
        }
        if withAttempts, page.attempts > 1 { words.append("\(page.attempts) attempts") }
        if page.isPossibleDuplicate { words.append("possible duplicate") }
        return words.joined(separator: ", ")
    }

    /// Whether the page can be retried.
    var hasEndedWithoutArriving: Bool {
        switch page.state {
        // Nobody needs to hear of an incident that somebody has, or that is over.
        case .failed, .withheld: page.purpose.hasText && (incidentState ?? .triggered) == .triggered
        // Nobody needs a page again that was cancelled because somebody acknowledged or resolved the incident.
        case .cancelled: page.purpose == .test
        case .queued, .claimed, .sent, .delivered: false
        }
    }

    /// The subject, without anything that only the recipient may see.
    var subject: String {
        switch page.purpose {
        case .incident: "#\(incidentNumber ?? 0) \(incidentTitle ?? "")"
        case .test: "A test"
        case .verification: "A code or a link for its receiver alone"
        case .notice: "A notice"
        }
    }
}

extension NotificationRow {
    /// A page as the log shows it to a reader.
    init(
        _ record: PageRecord, attempts: [PageAttempt] = [], words: String? = nil, due: Moment? = nil,
        to user: UserID, _ configuration: Configuration, _ reader: Reader, mayRetry: Bool
    ) {
        let page = record.page
        let address = ShownAddress(page, to: user, configuration)
        self.init(
            id: page.id, person: configuration.name(of: page.userID), channel: page.channel, address: address,
            subject: record.subject, incident: record.incidentNumber.map { "/incidents/\($0)" }, state: page.state,
            queued: reader.moment(record.queuedAt), day: reader.day(record.queuedAt),
            clock: reader.time(record.queuedAt), words: words ?? record.course(withAttempts: attempts.isEmpty),
            due: due, fault: page.fault.map { address.hiding(in: $0) },
            attempts: attempts.map { Attempt($0, hiding: address, reader) },
            mayRetry: mayRetry && record.hasEndedWithoutArriving)
    }
}

extension NotificationRow.Attempt {
    /// `by infobip, refused for now after 0.3 s: The provider answered 500.`
    fileprivate init(_ attempt: PageAttempt, hiding address: ShownAddress, _ reader: Reader) {
        let result =
            switch attempt.result {
            case .accepted: "accepted"
            case .temporary: "refused for now"
            case .permanent: "refused for good"
            case .unknown: "no answer that says whether it left"
            case .notSent: "not sent"
            }
        let explanation = attempt.explanation.map { ": \(address.hiding(in: $0))" } ?? ""
        self.init(
            at: reader.moment(attempt.at),
            words: "by \(attempt.provider), \(result) after \(exactLength(attempt.duration))\(explanation)")
    }
}

/// A short duration in tenths of a second.
func exactLength(_ duration: Duration) -> String {
    let tenths = max(0, duration.microseconds / 100_000)
    return tenths < 600 ? "\(tenths / 10).\(tenths % 10) s" : length(duration)
}
