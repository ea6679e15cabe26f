internal import Domain

/// The pages that have not been sent: those that wait, with the reason, and those that were withheld.
struct OutboxView: View {
    /// A message that the demo's outbox kept instead of sending it.
    struct Kept: Sendable {
        var at: Moment
        /// `SMS to +385…`.
        var way: String
        var subject: String
        var text: String
    }

    struct Model: Sendable {
        var isSendingEnabled: Bool
        var waiting: [NotificationRow]
        var waitingCount: BoundedCount
        var withheld: [NotificationRow]
        var withheldCount: BoundedCount
        /// Nil if messages are really sent, or if the reader may not see their content.
        var kept: [Kept]?
    }

    let title = "Outbox"
    let section: Section? = .outbox
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("Outbox", lead: "Pages that are not sent yet: when they are due, and why they wait."))
        \(if: !model.isSendingEnabled, disabled)
        <section class="stack" id="waiting" data-live><h2>Waiting <span class="quiet">\(model.waitingCount.words)</span></h2>\(waiting(frame))</section>
        <section class="stack" id="withheld" data-live><h2>Withheld <span class="quiet">\(model.withheldCount.words)</span></h2>\(withheld(frame))</section>
        \(model.kept.map { kept($0, frame) })
        """
    }

    private var disabled: HTML {
        """
        <section class="card"><h2>Sending is disabled</h2>
        <p>This PagerPal escalates as usual, but nothing leaves: a page that becomes due is withheld, and its incident moves on as if nobody had been there.
        To send, set <code>NOTIFICATION_SENDING_ENABLED=true</code> and restart.</p>
        <p class="quiet">Pages that were withheld are not sent by themselves.</p></section>
        """
    }

    private func waiting(_ frame: Frame) -> HTML {
        guard !model.waiting.isEmpty else {
            return "<p class=\"quiet\">No page is waiting. Every due page was sent.</p>"
        }
        return
            "\(notificationList(model.waiting, back: "/outbox", frame))\(more(model.waitingCount, model.waiting.count, "waiting"))"
    }

    private func withheld(_ frame: Frame) -> HTML {
        guard !model.withheld.isEmpty else {
            return
                "<p class=\"quiet\">No page was withheld. Pages are withheld if they become due while sending is disabled.</p>"
        }
        return """
            <p class="quiet">These became due while sending was disabled. “Send again” queues a new page to the same person over the same way.</p>
            \(notificationList(model.withheld, back: "/outbox", frame))\(more(model.withheldCount, model.withheld.count, "withheld"))
            """
    }

    private func more(_ count: BoundedCount, _ shown: Int, _ state: String) -> HTML {
        guard count.number > shown else { return "" }
        return "<p><a href=\"\(Path("/notifications").with([("state", state)]))\">All \(count.words)</a></p>"
    }

    private func kept(_ messages: [Kept], _ frame: Frame) -> HTML {
        let items = messages.map { message -> HTML in
            """
            <li><div class="line"><b>\(message.way)</b><span class="small quiet">\(message.at.html)</span></div>
            <p>\(message.subject)</p><details class="small"><summary>Message</summary><pre class="letter" tabindex="0">\(message.text)</pre></details></li>
            """
        }
        let list: HTML = messages.isEmpty ? "<p class=\"quiet\">None yet.</p>" : "<ul class=\"list\">\(items)</ul>"
        return """
            <section class="card" id="kept" data-live><h2>Kept instead of sent</h2>
            <p class="quiet">This is a demo: the outbox takes every message. Administrators see the last ones here.</p>\(list)</section>
            """
    }
}
