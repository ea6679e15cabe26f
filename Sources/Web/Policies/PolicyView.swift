internal import Domain

/// One escalation policy in sentences, with a preview.
struct PolicyView: View {
    typealias Link = (name: String, path: Path)

    struct Step: Sendable {
        /// `At once`, `5 min later`.
        var when: String
        /// `whoever is on call in Primary`, with its link.
        var targets: [(name: String, path: Path?)]
    }

    struct Model: Sendable {
        var id: PolicyID
        var name: String
        var team: Link
        var steps: [Step]
        /// What follows the steps: repeats, the end, acknowledgement, urgency.
        var sentences: [String]
        var routes: [(words: String, policy: Link)]
        var users: [Link]
        /// Nil if the preview's input is not valid. `input` then has the faults.
        var preview: PolicyPreview?
        var input: FormInput
        var mayConfigure: Bool
    }

    let section: Section? = .policies
    private let model: Model

    init(_ model: Model) { self.model = model }

    var title: String { model.name }

    func content(_ frame: Frame) -> HTML {
        let edit = linkButton("/escalation-policies/\(model.id)/edit", "Edit", symbol: frame.symbol(.settings))
        let delete = frame.danger(
            "Delete the policy",
            explanation:
                "Routing rules that lead to it are deleted too. Teams and sources that use it return to their default. Open incidents keep it.",
            "/escalation-policies/\(model.id)/delete", "Delete “\(model.name)”")
        return """
            \(frame.heading(model.name, lead: "Escalation policy of the team \(model.team.name).", actions: model.mayConfigure ? edit : nil))
            <div class="columns even"><div>\(steps)\(routes)\(users)\(if: model.mayConfigure, delete)</div>
            <div>\(preview(frame))</div></div>
            """
    }

    private var steps: HTML {
        let lines = model.steps.map { step -> HTML in
            let targets = step.targets.map { target -> HTML in
                let name: HTML = target.path.map { "<a href=\"\($0)\">\(target.name)</a>" } ?? "\(target.name)"
                return "<li>\(name)</li>"
            }
            return "<li><h3>\(step.when)</h3><ul>\(targets)</ul></li>"
        }
        let sentences = model.sentences.map { sentence -> HTML in "<li>\(sentence)</li>" }
        return """
            <section class="card"><h2>Steps</h2><ol class="list">\(lines)</ol></section>
            <section class="card"><h2>If nobody answers</h2><ul class="sentences">\(sentences)</ul></section>
            """
    }

    private var routes: HTML {
        guard !model.routes.isEmpty else { return "" }
        let lines = model.routes.map { route -> HTML in
            "<li>\(route.words) uses <a href=\"\(route.policy.path)\">\(route.policy.name)</a>.</li>"
        }
        return """
            <section class="card"><h2>Routing rules</h2><p class="small quiet">The first rule that matches an alert applies.</p><ol class="list">\(lines)</ol></section>
            """
    }

    private var users: HTML {
        let lines = model.users.map { user -> HTML in "<li><a href=\"\(user.path)\">\(user.name)</a></li>" }
        let none: HTML = "<p class=\"quiet\">No team and no alert source.</p>"
        return """
            <section class="card"><h2>Used by</h2>\(lines.isEmpty ? none : "<ul class=\"list\">\(lines)</ul>")</section>
            """
    }

    private func preview(_ frame: Frame) -> HTML {
        """
        <section class="card" id="preview"><h2>Preview</h2><div class="stack">
        <form method="get" action="\(Path("/escalation-policies/\(model.id)"))#preview" class="form" data-applies>\(PolicyPreview.fields(model.input))
        <div class="row"><button class="button" type="submit">Show</button></div></form>
        \(model.preview.map { $0.html(frame) })</div></section>
        """
    }
}
