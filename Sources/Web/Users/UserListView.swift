internal import Domain

/// All users: those who sign in, and those who are only paged.
struct UserListView: View {
    struct Row: Sendable {
        var name: String
        var email: String
        var path: Path
        var role: Role
        var teams: [String]
        var isEnabled: Bool
        var isService: Bool
        var signsIn: Bool
        /// Whether an invitation waits to be used.
        var isInvited: Bool
        /// Whether pages can reach the user.
        var isReachable: Bool
        var isOnCall: Bool
    }

    struct Model: Sendable {
        var rows: [Row]
        /// `q`, `team`, `role`.
        var filter: FormInput
        var teams: [Field.Choice]
        var mayCreate: Bool
        /// Paths of the first and the next hundred users. Nil if there is no such list.
        var first: Path?
        var next: Path?
    }

    let title = "Users"
    let section: Section? = .users
    private let model: Model

    init(_ model: Model) { self.model = model }

    func content(_ frame: Frame) -> HTML {
        let create: HTML = """
            \(linkButton("/users/new", "New user", symbol: frame.symbol(.plus)))\
            \(linkButton("/users/services/new", "New service account"))
            """
        let nobody = emptyState(
            frame.symbol(.search), "Nobody found", "No user matches.",
            action: linkButton("/users", "Show all", style: .primary))
        return """
            \(frame.heading("Users", lead: "Some users sign in. Others are contacts, who are only paged, or programs, which only have API tokens.", actions: model.mayCreate ? create : nil))
            \(filters(frame))
            \(model.rows.isEmpty ? nobody : table)
            \(pages)
            """
    }

    private func filters(_ frame: Frame) -> HTML {
        let roles = Role.allCases.map { Field.Choice($0.rawValue, $0.rawValue) }
        let any = Field.Choice("", "any")
        return """
            <form method="get" action="/users" class="filters" data-applies role="search">
            <div class="field search"><label for="q">Name or e-mail</label>
            <input id="q" name="q" type="search" value="\(model.filter["q"])" maxlength="200" autocomplete="off"></div>
            \(Field.select("team", "Team", [any] + model.teams).plain(model.filter))
            \(Field.select("role", "Role", [any] + roles).plain(model.filter))
            <button class="button" type="submit">\(frame.symbol(.search))Search</button></form>
            """
    }

    private var table: HTML {
        Table(
            columns: [.plain("Name"), "Role", "Teams", "Signs in", .plain("State")], rows: model.rows.map(cells)
        ).html
    }

    private func cells(_ row: Row) -> [HTML] {
        let isOnCall: HTML = row.isOnCall ? " <span class=\"tag\">on call</span>" : ""
        let state: HTML =
            !row.isEnabled
            ? status(.idle, "disabled")
            : row.isService
                ? status(.idle, "never paged")
                : row.isReachable ? status(.good, "can be paged") : status(.doubtful, "can’t be paged")
        return [
            nameCell(row.name, row.path, below: "\(isOnCall)<div class=\"small quiet\">\(row.email)</div>"),
            "\(row.role.rawValue)", "\(row.teams.joined(separator: ", "))", "\(signIn(row))", state,
        ]
    }

    private func signIn(_ row: Row) -> String {
        if !row.isEnabled { return "no, disabled" }
        if row.isService { return "no, a service account" }
        if row.signsIn { return "yes" }
        return row.isInvited ? "invited, not yet signed in" : "no, a contact"
    }

    private var pages: HTML {
        guard model.first != nil || model.next != nil else { return "" }
        let first: HTML? = model.first.map { "<a class=\"button\" href=\"\($0)\">First</a>" }
        let next: HTML? = model.next.map { "<a class=\"button\" href=\"\($0)\" rel=\"next\">More</a>" }
        return "<nav class=\"pager\" aria-label=\"Pages of the list\">\(first)\(next)</nav>"
    }
}
