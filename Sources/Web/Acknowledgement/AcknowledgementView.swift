internal import Domain

/// The web page behind the link in a message: the message's incidents and one big button. Opening it changes nothing,
/// because mail scanners and chat previews open links too.
struct AcknowledgementView: View {
    struct Model: Sendable {
        struct Item: Sendable {
            var number: Int
            var title: String
            var severity: Severity
            var state: Incident.State.Name
            /// Who owns or resolved it, if anyone.
            var by: String?
        }

        var person: String
        var items: [Item]
        /// Where the button posts: the path of this web page.
        var action: Path
        /// Set after the button was pressed.
        var message: String?
    }

    private let model: Model

    init(_ model: Model) { self.model = model }

    let title = "Acknowledge"

    func content(_ frame: Frame) -> HTML {
        let waiting = model.items.count(where: { $0.state == .triggered })
        let label = waiting == 1 ? "Acknowledge" : "Acknowledge all \(waiting)"
        let button: HTML =
            waiting == 0
            ? ""
            : """
            <form method="post" action="\(model.action)"><button class="button primary huge" type="submit">\(label)</button></form>
            """
        let message: HTML? = model.message.map {
            "<p class=\"flash\" role=\"status\">\(frame.symbol(.check))\($0)</p>"
        }
        return """
            <h1>Hello \(model.person),</h1>
            \(message)
            <ul class="stack">\(model.items.map(item))</ul>
            \(button)
            """
    }

    private func item(_ item: Model.Item) -> HTML {
        let by: HTML? = item.by.map { "<span>by \($0)</span>" }
        return """
            <li class="card incident-head"><div class="marks">\(badge(item.severity)) <span>#\(item.number)</span> \
            \(badge(item.state)) \(by)</div><h2>\(item.title)</h2></li>
            """
    }
}
