internal import Domain

/// One channel of a team, for those who may change it: its state, its code and its settings.
struct TeamChannelView: View {
    struct Model: Sendable {
        var channel: TeamChannel
        var team: String
        var lastPost: Moment?
        /// What the vendor said to the latest failure.
        var fault: String?
        /// The policies with steps that post to it.
        var policies: [(name: String, path: Path)]
        var fields: [Field]
        var input: FormInput
        var code: FormInput
    }

    var title: String { model.channel.name }
    let section: Section? = .teams
    private let model: Model

    init(_ model: Model) { self.model = model }

    private var path: Path { "/team-channels/\(model.channel.id)" }

    func content(_ frame: Frame) -> HTML {
        let delete = frame.danger(
            "Delete the channel", explanation: "What was posted there stays there. Nothing is edited any more.",
            "/team-channels/\(model.channel.id)/delete", "Delete “\(model.channel.name)”")
        let body = linkButton("\(path)/body", "Body…", style: .quiet)
        let back = linkButton("/teams/\(model.channel.teamID)", "Team \(model.team)", style: .quiet)
        return """
            \(frame.heading(model.channel.name, lead: "\(model.channel.channel.name) of the team \(model.team). A post there never counts as a person reached.", actions: "\(if: model.channel.channel == .webhook, body)\(back)"))
            <div class="columns wide-first"><div><section class="card"><h2>Settings</h2>\
            \(frame.form(path, model.fields, model.input, submit: "Save"))</section></div>
            <div><section class="card stack"><h2>State</h2>\(state(frame))</section>\(delete)</div></div>
            """
    }

    private func state(_ frame: Frame) -> HTML {
        let again = frame.button(
            "/team-channels/\(model.channel.id)/code", "Post a test message", style: .quiet)
        let lines = model.policies.map { policy -> HTML in "<li><a href=\"\(policy.path)\">\(policy.name)</a></li>" }
        let used: HTML = "<h3>Named by the policies</h3><ul class=\"list\">\(lines)</ul>"
        let fault: HTML? = model.fault.map { "<p class=\"fault\">The last failure: \($0)</p>" }
        return """
            <p>\(teamChannelStatus(model.channel))</p>\(if: model.channel.verifiedAt == nil, verification(frame))
            <dl class="facts"><dt>Last post</dt><dd>\(model.lastPost?.html ?? "never")</dd></dl>\(fault)\(again)\(if: !lines.isEmpty, used)
            """
    }

    private func verification(_ frame: Frame) -> HTML {
        let field = Field(
            "code", "Code", hint: "It is in the test message that was posted there.", isRequired: true,
            .input(type: "text", maximum: 12, autocomplete: "one-time-code"))
        return frame.form("/team-channels/\(model.channel.id)/verify", [field], model.code, submit: "Verify")
    }
}

/// `verified`, `not verified`, `off`.
func teamChannelStatus(_ channel: TeamChannel) -> HTML {
    if channel.verifiedAt == nil { return status(.doubtful, "not verified") }
    return channel.isEnabled ? status(.good, "verified") : status(.idle, "off")
}

/// The form for a new channel of a team.
struct NewTeamChannelView: View {
    let title = "New team channel"
    let section: Section? = .teams
    let fields: [Field]
    let input: FormInput

    func content(_ frame: Frame) -> HTML {
        """
        \(frame.heading(title, lead: "PagerPal posts a test message with a code there. Incidents follow once the code is entered."))
        <section class="card">\(frame.form("/team-channels", fields, input, submit: "Create and post the code"))</section>
        """
    }
}
