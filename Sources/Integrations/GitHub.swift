internal import Domain
internal import Formats

/// GitHub's webhooks about workflows. A failure fires, and the next success of the same workflow on the same branch
/// resolves.
///
/// https://docs.github.com/webhooks/webhook-events-and-payloads
struct GitHubIntegration: JSONIntegration {
    static let kind = "github"
    static let title = "GitHub workflows"
    static let fields = FieldGuide(
        status: "`conclusion`: failure, timed_out, startup_failure fire; success resolves; anything else is noted",
        key: "repository, workflow, job or check, and branch", title: "the workflow's, job's or check's name",
        text: "the failed steps, `output.summary`, the commit's message", severity: "the source's default",
        links: "`html_url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            .address(
                "In the repository or organization, open Settings, Webhooks, add this payload URL with the content type "
                    + "application/json, and choose the events Workflow runs.", url: url, key: key),
            SetupStep("Make up a secret, and write it into the webhook and into the source: signatures are checked."),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        json["repository"]?.object != nil && json["action"] != nil && run(in: json) != nil
    }

    private static func run(in json: JSON) -> JSON? {
        json["workflow_run"] ?? json["workflow_job"] ?? json["check_run"] ?? json["check_suite"]
    }

    func authenticate(_ payload: Payload, _ options: SourceOptions) throws(PayloadError) {
        guard let secret = options.secret else { return }
        let sent = payload.headers["x-hub-signature-256"].flatMap { header in
            header.hasPrefix("sha256=") ? String(header.dropFirst("sha256=".count)) : nil
        }
        try Signature(secret).check([sent], of: payload.body)
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        let event = payload.headers["x-github-event"] ?? (json["zen"] == nil ? nil : "ping")
        guard let run = Self.run(in: json), json["action"] != nil else {
            guard let event else { return nil }
            return .nothing(
                event == "ping"
                    ? "This is a test ping from GitHub."
                    : "The event “\(Clean.name(event))” is not about a workflow.")
        }
        guard let conclusion = run.text("conclusion") else { return .nothing("It is still in progress.") }
        return Decoded(draft(json, run, conclusion))
    }

    private func draft(_ json: JSON, _ run: JSON, _ conclusion: String) -> Draft {
        let repository = json.text("repository.full_name") ?? ""
        let branch = branch(of: run, in: repository)
        let workflow = json.text("workflow.name") ?? run.text("workflow_name")
        let name = run.text("name") ?? workflow ?? run.text("app.name") ?? "Workflow"
        var draft = Draft()
        switch conclusion {
        case "failure", "timed_out", "startup_failure": draft.status = .firing
        case "success": draft.status = .resolved
        default: draft.status = .informational
        }
        let outcomes = ["failure": "failed", "success": "succeeded", "timed_out": "timed out"]
        let outcome = outcomes[conclusion] ?? "ended as \(conclusion)"
        draft.title = "\(name) \(outcome)\(branch.map { " on \($0)" } ?? ""): \(repository)"
        let failed = (run["steps"]?.array ?? []).filter { $0.text("conclusion") == "failure" }.compactMap {
            $0.text("name")
        }
        draft.text = [
            failed.isEmpty ? nil : "Failed: " + failed.joined(separator: ", "), run.text("output.title"),
            run.text("output.summary"), run.text("head_commit.message", "display_title"),
        ]
        // The parts keep their positions, so that a run and a job with the same name do not resolve each other.
        draft.key = [repository, workflow ?? "", json["workflow_run"] == nil ? name : "", branch ?? ""]
            .joined(separator: "/")
        draft.link("GitHub", run.text("html_url"))
        draft.link("Details", run.text("details_url"))
        draft.label("repository", repository)
        draft.label("workflow", workflow)
        draft.label("branch", branch)
        draft.label("commit", run.text("head_sha"))
        draft.label("author", run.text("actor.login") ?? json.text("sender.login"))
        if draft.status == .firing { draft.startsAt = run.instant("completed_at", "updated_at") }
        return draft
    }

    /// A fork can have branches with the same names, so its failures are kept apart.
    private func branch(of run: JSON, in repository: String) -> String? {
        guard let branch = run.text("head_branch", "check_suite.head_branch") else { return nil }
        guard let origin = run.text("head_repository.full_name"), origin != repository else { return branch }
        return "\(origin):\(branch)"
    }
}
