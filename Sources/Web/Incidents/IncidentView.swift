internal import Domain
internal import Transport

/// One incident: its owner, who is paged next, its timeline and its actions.
struct IncidentView: View {
    struct Model: Sendable {
        var number: Int
        var headline: String
        var severity: Severity
        var urgency: Urgency
        var state: Incident.State.Name
        /// `by Ada, 3 min ago`: who changed the state, and when.
        var by: String?
        var since: Moment?
        var text: String
        var labels: [(name: String, value: String)]
        var links: [(title: String, address: WebAddress)]
        var team: String
        var source: (name: String, path: Path)?
        var policy: String
        var opened: Moment
        var lastAlert: Moment
        var alertCount: Int
        var dedupKey: String
        var next: NextPage?
        /// The newest timeline entries and pages. `everything` leads to the rest.
        var timeline: [TimelineLine]
        var deliveries: [Delivery]
        /// Where the complete history is shown, or nil if this is all of it.
        var everything: Path?
        /// The policies to which the incident can be reassigned.
        var policies: [Field.Choice]
        /// The people to whom the incident can be handed.
        var people: [Field.Choice]
        var mayAct: Bool
        /// The typed note if it could not be saved.
        var note: FormInput
    }

    /// What happens next if nobody acts.
    struct NextPage: Sendable {
        /// `Step 2 pages`, `The snooze ends`.
        var what: String
        var at: Moment
        /// `Bob by SMS at once, by e-mail after 5 min`.
        var people: [String]
    }

    /// A page for the incident and its progress.
    struct Delivery: Sendable {
        var id: PageID
        var person: String
        var channel: Channel
        var address: ShownAddress
        var state: Page.State
        /// `sent after 0.4 s, delivered after 3 s`.
        var latency: String
        var fault: String?
        var at: Moment
        var mayRetry: Bool
    }

    var title: String { "#\(model.number) \(model.headline)" }
    let section: Section? = .incidents
    let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        """
        <section id="head" data-live class="stack">\(head)\(if: model.mayAct, actions(frame))</section>
        <div class="columns wide-first">
        <div>\(if: !model.text.isEmpty, description)
        <section class="card" id="timeline" data-live><h2>Timeline</h2>\(timeline(model.timeline, frame))\(all)</section>
        \(if: model.mayAct, noteForm(frame))
        <section class="card" id="deliveries" data-live><h2>Pages</h2>\(deliveries(frame))</section></div>
        <div><section id="next" data-live>\(nextCard(frame))</section>
        <section class="card" id="facts" data-live><h2>About</h2>\(facts)</section></div>
        </div>
        """
    }

    private var head: HTML {
        let by: HTML? = model.by.map { "<span>by \($0)</span>" }
        return """
            <header class="incident-head"><p class="back small"><a href="/incidents">Incidents</a></p>
            <h1 dir="auto">\(model.headline)</h1>
            <p class="marks"><span>#\(model.number)</span>\(badge(model.severity))\(badge(model.state))\(by)<span>\(model.since?.html)</span></p></header>
            """
    }

    private var all: HTML? {
        model.everything.map { "<p class=\"small\"><a href=\"\($0)\">Show everything that happened</a></p>" }
    }

    private var description: HTML {
        "<section class=\"card\"><h2>Details</h2><p class=\"prose\" dir=\"auto\">\(model.text)</p></section>"
    }

    private func nextCard(_ frame: Frame) -> HTML {
        guard let next = model.next else {
            guard model.state != .resolved else { return "" }
            let words =
                model.state == .triggered
                ? "Nobody else will be paged: the policy has ended."
                : "Nobody is paged while it is acknowledged."
            return "<div class=\"card\(if: model.state == .triggered, " alarm")\"><h2>Next</h2><p>\(words)</p></div>"
        }
        let people = next.people.map { person -> HTML in "<li>\(person)</li>" }
        return """
            <div class="card next-page"><h2>Next</h2><p>\(next.what) in</p><p>\(next.at.countdown)</p><ul>\(people)</ul></div>
            """
    }

    private var facts: HTML {
        let labels = model.labels.map { label -> HTML in "<dt>\(label.name)</dt><dd>\(label.value)</dd>" }
        let links = model.links.map { link -> HTML in
            "<li><a href=\"\(link.address)\" rel=\"noopener noreferrer\" target=\"_blank\">\(link.title)</a></li>"
        }
        let source: HTML? = model.source.map { "<dt>Source</dt><dd><a href=\"\($0.path)\">\($0.name)</a></dd>" }
        return """
            <dl class="facts"><dt>Team</dt><dd>\(model.team)</dd>\(source)
            <dt>Policy</dt><dd>\(model.policy)</dd><dt>Urgency</dt><dd>\(model.urgency.rawValue)</dd>
            <dt>Opened</dt><dd>\(model.opened.dated)</dd><dt>Last alert</dt><dd>\(model.lastAlert.dated)</dd>
            <dt>Alerts</dt><dd>\(model.alertCount)</dd><dt>Dedup key</dt><dd><code>\(model.dedupKey)</code></dd>\(labels)</dl>
            \(if: !links.isEmpty, "<h3>Links</h3><ul>\(links)</ul>")
            """
    }

    private func noteForm(_ frame: Frame) -> HTML {
        let field = Field.area(
            "text", "Note", hint: "What you found and what you tried. Others read it here.", isRequired: true)
        return
            "<section class=\"card\">\(frame.form("/incidents/\(model.number)/note", [field], model.note, submit: "Add the note"))</section>"
    }

    private func deliveries(_ frame: Frame) -> HTML {
        guard !model.deliveries.isEmpty else { return "<p class=\"quiet\">Nobody was paged.</p>" }
        return "<ul class=\"list\">\(model.deliveries.map { delivery($0, frame) })</ul>"
    }

    private func delivery(_ delivery: Delivery, _ frame: Frame) -> HTML {
        let fault: HTML? = delivery.fault.map { "<p class=\"small\">\($0)</p>" }
        let retry = frame.button(
            "/notifications/\(delivery.id)/retry", "Try again",
            values: [("back", "/incidents/\(model.number)")])
        return """
            <li><div class="line"><span>\(frame.symbol(Symbol(delivery.channel))) <b>\(delivery.person)</b> \
            <span class="quiet">\(delivery.channel.name), \(delivery.address.description)</span></span>\(badge(delivery.state))</div>
            <div class="line small quiet"><span>\(delivery.latency)</span><span>\(delivery.at.dated)</span></div>\(fault)\(if: delivery.mayRetry, retry)</li>
            """
    }
}
