internal import Domain

/// The web page behind the link in a message: the message's incidents, each as a small incident page, and one big button
/// that stays under the thumb. Opening it changes nothing, because mail scanners and chat previews open links too.
struct AcknowledgementView: View {
    struct Model: Sendable {
        struct Item: Sendable {
            var number: Int
            var title: String
            var severity: Severity
            var state: Incident.State.Name
            /// Who owns or resolved it, if anyone.
            var by: String?
            var opened: Moment
            /// The first lines of the text.
            var text: String
            var links: [(title: String, address: WebAddress)]
            /// The people who were paged, and who is next: `Bob in 4 min`.
            var paged: [String]
            var next: String?
        }

        var person: String
        var items: [Item]
        /// Where the button posts: the path of this web page.
        var action: Path
        /// Set after a button was pressed.
        var message: String?
        var isBad = false
        /// The incidents whose latest action can be taken back.
        var undo: [Int] = []
        /// The people to whom an incident can be handed.
        var takers: [Field.Choice] = []
    }

    private let model: Model

    init(_ model: Model) { self.model = model }

    var title: String {
        model.items.count == 1 ? "#\(model.items[0].number) \(model.items[0].title)" : "\(model.items.count) incidents"
    }

    func content(_ frame: Frame) -> HTML {
        let waiting = model.items.count(where: { $0.state == .triggered })
        let message: HTML? = model.message.map {
            "<p class=\"flash\(if: model.isBad, " bad")\" role=\"status\">\(frame.symbol(model.isBad ? .warning : .check))\($0)</p>"
        }
        let label = waiting == 1 ? "Acknowledge" : "Acknowledge the selected"
        let button: HTML = """
            <div class="thumb"><button class="button primary huge" type="submit">\(frame.symbol(.acknowledge))\(label)</button></div>
            """
        return """
            <p class="quiet">Hello \(model.person)</p>
            \(message)\(if: !model.undo.isEmpty, undo(frame))
            <form method="post" action="\(model.action)" class="stack">
            <ul class="stack">\(model.items.map { item($0, hasChoice: waiting > 1, frame) })</ul>
            \(if: waiting > 0, button)</form>
            \(if: waiting < model.items.count, after)
            """
    }

    private func item(_ item: Model.Item, hasChoice: Bool, _ frame: Frame) -> HTML {
        let by: HTML? = item.by.map { "<span>by \($0)</span>" }
        let tick: HTML = """
            <label class="pick"><input type="checkbox" name="number" value="\(item.number)" checked \
            aria-label="Acknowledge #\(item.number)"></label>
            """
        let links = item.links.map { link -> HTML in
            "<li><a class=\"button\" href=\"\(link.address)\" rel=\"noopener noreferrer\" target=\"_blank\">\(link.title)</a></li>"
        }
        let paged: HTML =
            item.paged.isEmpty ? "Nobody was paged" : "Paged: <bdi>\(item.paged.joined(separator: ", "))</bdi>"
        let next: HTML? = item.next.map { ". Next: <bdi>\($0)</bdi>" }
        return """
            <li class="card incident-head"><div class="marks">\(if: hasChoice && item.state == .triggered, tick)\(badge(item.severity)) \
            <span>#\(item.number)</span> \(badge(item.state)) \(by)<span>since \(item.opened.html)</span></div>
            <h2 dir="auto">\(item.title)</h2>\(if: !item.text.isEmpty, "<p class=\"prose small\" dir=\"auto\">\(item.text)</p>")
            <p class="small quiet">\(paged)\(next).</p>
            \(if: !links.isEmpty, "<ul class=\"row\">\(links)</ul>")
            <p><a class="small" href="/incidents/\(item.number)">Open #\(item.number)</a></p></li>
            """
    }

    /// Takes the last action back. The script removes it after ten seconds.
    private func undo(_ frame: Frame) -> HTML {
        let numbers = model.undo.map { number -> HTML in "<input type=\"hidden\" name=\"about\" value=\"\(number)\">" }
        return """
            <form method="post" action="\(model.action)" class="undo">\(numbers)
            <button class="button" name="do" value="undo" type="submit">\(frame.symbol(.reopen))Undo</button></form>
            """
    }

    private var handOver: HTML {
        let people = model.takers.map { person -> HTML in "<option value=\"\(person.value)\">\(person.label)</option>" }
        return """
            <div class="field"><label for="user">Hand to</label><select id="user" name="user">\(people)</select>
            <p class="hint">The person is paged now.</p></div>
            <div class="row"><button class="button" name="do" value="hand-over" type="submit">Hand over</button></div>
            """
    }

    /// What can be done with the acknowledged incidents without signing in.
    private var after: HTML {
        let owned = model.items.filter { $0.state == .acknowledged }
        guard !owned.isEmpty else { return "" }
        let numbers = owned.map { item -> HTML in
            "<option value=\"\(item.number)\">#\(item.number) \(item.title)</option>"
        }
        let choice: HTML = """
            <div class="field"><label for="about">Incident</label><select id="about" name="about">\(numbers)</select></div>
            """
        let only: HTML = "<input type=\"hidden\" name=\"about\" value=\"\(owned[0].number)\">"
        return """
            <section class="card"><h2>What now?</h2><form method="post" action="\(model.action)" class="form">\(owned.count > 1 ? choice : only)
            <div class="field"><label for="note">Note<span class="optional"></span></label>
            <textarea id="note" name="note" rows="2" maxlength="\(Command.Limits.note)" dir="auto"></textarea></div>
            <div class="row"><button class="button" name="do" value="note" type="submit">Add the note</button>
            <button class="button" name="do" value="pass" type="submit">I can’t: page the next step</button></div>
            \(if: !model.takers.isEmpty, handOver)</form></section>
            """
    }
}
