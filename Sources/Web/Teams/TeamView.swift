internal import Domain
internal import Transport

/// One team: its members in order, and what belongs to it.
struct TeamView: View {
    struct Member: Sendable {
        var name: String
        var path: Path
        var role: Role
        var isEnabled: Bool
    }

    typealias Link = (name: String, path: Path)

    struct Model: Sendable {
        var id: TeamID
        var name: String
        var members: [Member]
        var policy: Link?
        var duties: [DutyLine]
        var policies: [Link]
        var sources: [Link]
        var channels: [TeamChannel]
        var mayConfigure: Bool
        var mayDelete: Bool
    }

    let section: Section? = .teams
    private let model: Model

    init(_ model: Model) { self.model = model }

    var title: String { model.name }

    func content(_ frame: Frame) -> HTML {
        let edit = linkButton("/teams/\(model.id)/edit", "Edit", symbol: frame.symbol(.settings))
        let delete = frame.danger(
            "Delete the team", explanation: "Only a team that owns nothing can be deleted. Its people stay.",
            "/teams/\(model.id)/delete", "Delete “\(model.name)”")
        return """
            \(frame.heading(model.name, actions: model.mayConfigure ? edit : nil))
            <div class="columns even"><div>\(members)\(if: model.mayDelete, delete)</div>
            <div>\(duties(frame))\(policies(frame))\(channels(frame))\(sources)</div></div>
            """
    }

    private var members: HTML {
        let lines = model.members.map { member -> HTML in
            """
            <li class="line"><a href="\(member.path)">\(member.name)</a>\
            <span class="row"><span class="tag">\(member.role.rawValue)</span>\(if: !member.isEnabled, status(.doubtful, "disabled"))</span></li>
            """
        }
        let none: HTML = "<p class=\"quiet\">Nobody belongs to it yet.</p>"
        return """
            <section class="card"><h2>Members</h2>\(lines.isEmpty ? none : "<ol class=\"list\">\(lines)</ol>")</section>
            """
    }

    private func duties(_ frame: Frame) -> HTML {
        let lines = model.duties.map { duty -> HTML in
            """
            <li class="duty"><div class="line"><b>\(duty.who)</b><a href="\(duty.path)">\(duty.schedule)</a></div>
            <span class="small quiet">\(duty.then(frame.reader))</span></li>
            """
        }
        let add = linkButton(
            Path("/schedules/new").with([("team", model.id.rawValue)]), "New", symbol: frame.symbol(.plus))
        let none: HTML = "<p class=\"quiet\">No schedule.</p>"
        return """
            <section class="card"><header><h2>Schedules</h2>\(model.mayConfigure ? add : "")</header>
            \(lines.isEmpty ? none : "<ul class=\"list\">\(lines)</ul>")</section>
            """
    }

    private func policies(_ frame: Frame) -> HTML {
        let add = linkButton(
            Path("/escalation-policies/new").with([("team", model.id.rawValue)]), "New", symbol: frame.symbol(.plus))
        let standard: HTML =
            model.policy == nil
            ? "<p class=\"quiet\">None is the team’s own choice, so incidents page everybody of it.</p>"
            : ""
        let lines = model.policies.map { policy -> HTML in
            let isDefault = policy.path == model.policy?.path
            return """
                <li class="line"><a href="\(policy.path)">\(policy.name)</a>\(if: isDefault, "<span class=\"tag\">default</span>")</li>
                """
        }
        return """
            <section class="card"><header><h2>Escalation policies</h2>\(model.mayConfigure ? add : "")</header>
            \(standard)\(if: !lines.isEmpty, "<ul class=\"list\">\(lines)</ul>")</section>
            """
    }

    private func channels(_ frame: Frame) -> HTML {
        let add = linkButton(
            Path("/team-channels/new").with([("team", model.id.rawValue)]), "New", symbol: frame.symbol(.plus))
        let lines = model.channels.map { channel -> HTML in
            let path: Path = "/team-channels/\(channel.id)"
            let name: HTML = model.mayConfigure ? "<a href=\"\(path)\">\(channel.name)</a>" : "\(channel.name)"
            let what = channel.follows ? "shows each incident" : "for steps of policies"
            return """
                <li class="line"><span>\(frame.symbol(Symbol(channel.channel))) \(name) \
                <span class="small quiet">\(channel.channel.name), \(what)</span></span>\(teamChannelStatus(channel))</li>
                """
        }
        let none: HTML = "<p class=\"quiet\">Incidents are posted nowhere. A channel shows each in one message.</p>"
        return """
            <section class="card"><header><h2>Channels</h2>\(model.mayConfigure ? add : "")</header>
            \(lines.isEmpty ? none : "<ul class=\"list\">\(lines)</ul>")</section>
            """
    }

    private var sources: HTML {
        let lines = model.sources.map { source -> HTML in "<li><a href=\"\(source.path)\">\(source.name)</a></li>" }
        let none: HTML = "<p class=\"quiet\">No alert source.</p>"
        return """
            <section class="card"><h2>Alert sources</h2>\(lines.isEmpty ? none : "<ul class=\"list\">\(lines)</ul>")</section>
            """
    }
}

/// The name, members and default policy of a new or existing team.
struct TeamFormView: View {
    let section: Section? = .teams
    private let id: TeamID?
    private let people: [Field.Choice]
    private let policies: [Field.Choice]
    private let input: FormInput

    /// - Parameters:
    ///   - id: nil for a new team.
    ///   - input: `name`, `default_policy_id`, `member-0` ….
    init(id: TeamID?, people: [Field.Choice], policies: [Field.Choice], _ input: FormInput) {
        self.id = id
        self.people = people
        self.policies = policies
        self.input = input
    }

    var title: String { id == nil ? "New team" : "Edit the team" }

    func content(_ frame: Frame) -> HTML {
        let back: Path = id.map { "/teams/\($0)" } ?? "/teams"
        let places = Places(
            prefix: "member-", legend: "Members, in this order",
            hint: "A round robin takes turns in this order. An empty place is left out.", choices: people,
            noun: "member",
            whole: "member_ids", more: "members", up: "up-", remove: "remove-")
        let policy = Field.select(
            "default_policy_id", "Default policy", hint: "For alert sources that name none.", policies)
        return """
            \(frame.heading(title, actions: linkButton(back, "Cancel", style: .quiet)))
            <section class="card">\(frame.editor(
                back, input, shown: places.names(input).union(["name", "default_policy_id"]),
                """
                \(Field.text("name", "Name", isRequired: true, maximum: 100).html(input))
                \(if: id != nil, policy.html(input))\(places.html(input, frame))
                """,
                actions: frame.does("save", id == nil ? "Create the team" : "Save", style: .primary)))</section>
            """
    }
}
