internal import Domain

/// A page in the log or in the outbox.
struct NotificationRow: Sendable {
    /// One attempt: `12:00:01 by infobip, temporary after 0.3 s: The provider answered 500.`
    struct Attempt: Sendable {
        var at: Moment
        var words: String
    }

    var id: PageID
    var person: String
    var channel: Channel
    var address: ShownAddress
    /// The subject: an incident with a link, or words like `a test`.
    var subject: String
    var incident: Path?
    var state: Page.State
    var queued: Moment
    /// `Wed 4 Mar 2026` and `13:05` of the same instant, by the reader's clock.
    var day: String
    var clock: String
    /// `sent after 0.4 s, delivered after another 2.1 s`, or why the page waits. May be empty.
    var words: String
    /// When a waiting page is due.
    var due: Moment?
    var fault: String?
    var attempts: [Attempt] = []
    var mayRetry: Bool
}

/// A list of pages: who, over which channel, about what, and the result.
///
/// - Parameter back: where to return after a retry.
func notificationList(_ rows: [NotificationRow], back: Path, _ frame: Frame) -> HTML {
    var days: [(day: String, rows: [NotificationRow])] = []
    for row in rows {
        if days.last?.day == row.day { days[days.count - 1].rows.append(row) } else { days.append((row.day, [row])) }
    }
    let sections = days.map { day -> HTML in
        "<h2 class=\"day\">\(day.day)</h2><ul class=\"framed log\">\(day.rows.map { item($0, back, frame) })</ul>"
    }
    return "<div class=\"days\">\(sections)</div>"
}

private func item(_ row: NotificationRow, _ back: Path, _ frame: Frame) -> HTML {
    let subject: HTML =
        row.incident.map { path in "<a href=\"\(path)\">\(row.subject)</a>" } ?? "<span>\(row.subject)</span>"
    let due: HTML? = row.due.map { "<span>due \($0.html)</span>" }
    let words: HTML? = row.words.isEmpty ? nil : "<span>\(row.words)</span>"
    let fault: HTML? = row.fault.map { "<p class=\"small \(row.state == .failed ? "problem" : "quiet")\">\($0)</p>" }
    let retry = frame.button(
        "/notifications/\(row.id)/retry", "Send again", symbol: .reopen, values: [("back", back.text)])
    return """
        <li class="entry" id="page-\(row.id.rawValue)"><span class="mark">\(frame.symbol(Symbol(row.channel)))</span>
        <div class="what"><h3 dir="auto">\(subject)</h3>
        <p>\(badge(row.state)) <b>\(row.person)</b> <span class="quiet">\(row.channel.name), \(row.address.description)</span></p>
        <p class="about"><time class="clock" datetime="\(row.queued.iso)" title="\(row.queued.exact)" data-fixed>\(row.clock)</time>\(due)\(words)</p>\(fault)\(attempts(row))</div>
        <div class="does">\(if: row.mayRetry, retry)</div></li>
        """
}

private func attempts(_ row: NotificationRow) -> HTML {
    guard !row.attempts.isEmpty else { return "" }
    let lines = row.attempts.map { attempt -> HTML in "<li>\(attempt.at.html) \(attempt.words)</li>" }
    let count = row.attempts.count
    return """
        <details class="small"><summary>\(count) \(count == 1 ? "attempt" : "attempts")</summary><ol class="attempts">\(lines)</ol></details>
        """
}
