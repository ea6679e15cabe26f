internal import Domain

/// One monitor: its state, its URL and its settings.
struct HeartbeatView: View {
    struct Model: Sendable {
        var id: String
        var row: HeartbeatListView.Row
        var isPaused: Bool
        /// When the job reported its start, until it reports its end.
        var started: Moment?
        /// `5 min`.
        var grace: String
        /// The name of the policy of its incidents.
        var policy: String
        /// The URL for beats. Nil for readers who may not configure the monitor, because anyone with it can send beats.
        var address: String?
        var incidents: Path
        var fields: [Field]
        var input: FormInput
        /// The next times at which a cron expression expects a beat.
        var expected: [String]
        /// The latest signals, the newest first.
        var signals: [Signal]

        struct Signal: Sendable {
            var at: Moment
            var signal: String
            var address: String
            var agent: String
            var isLate: Bool
        }
    }

    var title: String { model.row.name }
    let section: Section? = .heartbeats
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading(model.row.name, lead: "A heartbeat of \(model.row.team), expected \(model.row.rhythm)."))
        <div class="columns wide-first">
        <div>\(model.address.map { address($0) })\(if: model.address != nil, settings(frame))
        <section class="card" id="signals" data-live><h2>Latest signals</h2>\(signals)</section></div>
        <div><section class="card" id="state" data-live><h2>State</h2><div class="stack">\(state)</div></section>\(if: model.address != nil, changes(frame))</div></div>
        """
    }

    private func path(_ word: String) -> Path { "/heartbeats/\(model.id)/\(word)" }

    private var state: HTML {
        let started: HTML? = model.started.map { "<dt>Started</dt><dd>\($0.html)</dd>" }
        let due: HTML? = model.row.due.map { "<dt>Due</dt><dd>\($0.html)</dd>" }
        return """
            <p>\(status(model.row.tone, model.row.words))</p>
            <dl class="facts"><dt>Last beat</dt><dd>\(model.row.lastBeat?.html ?? "never")</dd>\(started)\(due)
            <dt>Grace</dt><dd>\(model.grace)</dd><dt>Policy</dt><dd>\(model.policy)</dd></dl>
            <p><a href="\(model.incidents)">Its incidents</a></p>
            """
    }

    private func address(_ address: String) -> HTML {
        """
        <section class="card stack"><h2>How to send a beat</h2>
        <p>Call this address by GET or POST when the job is done:</p>\(copyable(address))
        <p>After a command, with its exit status, so that a failure is told at once:</p>
        \(copyable("your-command; curl -fsS --retry 5 --max-time 10 \(address)/$?"))
        <p>For a job that may hang, also report its start:</p>
        \(copyable("curl -fsS --retry 5 --max-time 10 \(address)/start"))</section>
        """
    }

    private func settings(_ frame: Frame) -> HTML {
        """
        <section class="card"><h2>Settings</h2>\(frame.form(model.row.path, model.fields, model.input, submit: "Save", more: previewButton(frame)))
        \(previewCard(model.expected))</section>
        """
    }

    private var signals: HTML {
        guard !model.signals.isEmpty else { return "<p class=\"quiet\">None yet.</p>" }
        let lines = model.signals.map { heard -> HTML in
            let late: HTML? = heard.isLate ? status(.bad, "late") : nil
            return """
                <li><div class="line"><span>\(heard.signal) \(late)</span><span>\(heard.at.html)</span></div>
                <div class="small quiet">\(heard.address)\(if: !heard.agent.isEmpty, ", \(heard.agent)")</div></li>
                """
        }
        let end = "The latest \(Heartbeat.Limits.signals) are kept, for 90 days."
        let list: HTML = "<ul class=\"list\">\(lines)</ul><p class=\"small quiet\">\(end)</p>"
        return lines.count <= 10
            ? list
            : "<details><summary>\(lines.count) signals, the last one \(model.signals[0].at.html)</summary>\(list)</details>"
    }

    private func changes(_ frame: Frame) -> HTML {
        let pause = frame.button(
            path("state"), model.isPaused ? "Resume" : "Pause", symbol: .snooze,
            values: [("paused", model.isPaused ? "no" : "yes")])
        let address = frame.danger(
            "New address…", explanation: "The old address stops working at once, on every process.",
            path("regenerate"), "Make a new address")
        let delete = frame.danger(
            "Delete…", explanation: "Its incidents stay. What calls its address from now on is refused.",
            path("delete"),
            "Delete the heartbeat")
        return """
            <section class="card stack"><h2>Change</h2><p class="small quiet">A paused heartbeat opens no incident.</p>
            <div class="row">\(pause)\(address)\(delete)</div></section>
            """
    }
}

/// The form for a new monitor.
struct NewHeartbeatView: View {
    let title = "New heartbeat"
    let section: Section? = .heartbeats
    let fields: [Field]
    let input: FormInput
    let expected: [String]

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading("New heartbeat", lead: "It waits for its first beat. Nothing happens until the job has called its address once."))
        <section class="card">\(frame.form(
            "/heartbeats", fields, input, submit: "Create and show the address", more: previewButton(frame)))
        \(previewCard(expected))</section>
        """
    }
}

private func previewButton(_ frame: Frame) -> HTML { frame.does("preview", "Update the preview") }

/// When a cron expression expects the next beats.
private func previewCard(_ expected: [String]) -> HTML {
    guard !expected.isEmpty else { return "" }
    let lines = expected.map { time -> HTML in "<li>\(time)</li>" }
    return "<div class=\"preview\" id=\"expected\"><h3>Expected next</h3><ol>\(lines)</ol></div>"
}
