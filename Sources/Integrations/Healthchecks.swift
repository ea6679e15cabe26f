internal import Domain
internal import Formats

/// Healthchecks (healthchecks.io or self-hosted): a webhook whose body or query people write with placeholders,
/// including `$JSON` (https://healthchecks.io/docs/configuring_notifications/).
struct HealthchecksIntegration: JSONIntegration {
    static let kind = "healthchecks"
    static let title = "Healthchecks"
    static let fields = FieldGuide(
        status: "`status`: down fires, up resolves, any other never pages",
        key: "`code`, else the check's URLs or its name",
        title: "`check` or `name`", text: "`body` or `desc`, `exit_status`", severity: "the source's default",
        links: "`url`, `update_url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep(
                "Open Integrations, add a Webhook: for both down and up the method POST, this URL and this header.",
                code: "\(url)\nX-API-Key: \(key)"),
            SetupStep(
                "Paste the request body, for both.",
                code: """
                    {"check": $NAME_JSON, "status": "$STATUS", "code": "$CODE", "tags": "$TAGS", "now": "$NOW",
                     "body": $BODY_JSON}
                    """),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        json.has("check", "status", "code") || json.has("ping_url", "status", "grace")
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        let check = json["check"]?.object == nil ? json : json["check"] ?? json
        let names = Names(check, isPlaceholder: isPlaceholder)
        guard let status = names["status", "state", "event"] else { return nil }
        guard let title = names["check", "name", "checkname", "title", "slug", "code"] else { return nil }
        var draft = Draft(title: title)
        switch status.lowercased() {
        case "down", "fail", "failed", "failing": draft.status = .firing
        case "up", "ok", "success", "resolved": draft.status = .resolved
        default: draft.status = .informational
        }
        draft.text = [
            names["body", "lastping", "message", "text"].map { Clean.instant($0) == nil ? $0 : "Last ping: \($0)" },
            names["desc", "description"], names["exitstatus"].map { "Exit status: \($0)" },
        ]
        draft.severity = Severity(loose: names["severity", "priority"])
        // Healthchecks' own JSON has no code, but contains addresses that end in it.
        draft.key =
            names["code", "uuid", "id", "uniquekey"] ?? names["pingurl", "updateurl"].map(lastPart) ?? names["slug"]
        draft.link("Check", names["url", "link", "detailsurl", "checkurl"])
        draft.label(tags: names["tags"], separator: " ")
        draft.happened(at: names["now", "timestamp", "time"].flatMap(Clean.instant))
        return Decoded(draft)
    }

    /// Whether a text is a placeholder that this version of Healthchecks does not know: `$NAME`.
    private func isPlaceholder(_ text: String) -> Bool {
        text.count > 1 && text.hasPrefix("$") && text.dropFirst().allSatisfy { $0.isUppercase || $0 == "_" }
    }

    private func lastPart(of address: String) -> String {
        address.split(separator: "/").last.map(String.init) ?? address
    }
}
