internal import Domain
internal import Formats

/// VMware Aria Operations (formerly vRealize Operations): its REST notification plugin.
struct AriaOperationsIntegration: JSONIntegration {
    static let kind = "aria-operations"
    static let title = "VMware Aria Operations"
    static let fields = FieldGuide(
        status: "`status`: ACTIVE, CANCELED", key: "`alertId`", title: "`resourceName` with `alertName` or `info`",
        text: "`info`, `type` and `subType`",
        severity: "`criticality`: CRITICAL, IMMEDIATE (error), WARNING, INFORMATION",
        links: "none")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep(
                "Add an outbound instance of the REST Notification Plugin with this URL, any user name, and the key as "
                    + "password.", code: "\(url)\n\(key)"),
            SetupStep("Add a notification rule that uses the instance."),
        ]
    }

    static func recognises(_ json: JSON) -> Bool { json.has("alertId", "criticality", "resourceName") }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        guard json.has("alertId") || json.has("criticality", "resourceName") else { return nil }
        let kind = spoken(json.text("subType", "type")) ?? "alert"
        var draft = Draft()
        let word = json.text("status")?.uppercased()
        draft.status = word == "CANCELED" || word == "CANCELLED" ? .resolved : .firing
        draft.title = [json.text("resourceName"), json.text("alertName", "info") ?? kind].compactMap(\.self)
            .joined(separator: ": ")
        draft.text = [json.text("info"), spoken(json.text("type")), spoken(json.text("subType"))]
        let criticality = json.text("criticality")?.uppercased() ?? ""
        draft.severity = criticality.hasSuffix("IMMEDIATE") ? .error : Severity(loose: criticality)
        draft.key = json.text("alertId")
        for name in ["resourceName", "resourceKind", "adapterKind"] { draft.label(name, json.text(name)) }
        draft.startsAt = json.instant("startDate")
        if draft.status == .resolved { draft.endsAt = json.instant("cancelDate", "updateDate") }
        return Decoded(draft)
    }

    /// Turns a constant like `ALERT_SUBTYPE_AVAILABILITY_PROBLEM` into plain words.
    private func spoken(_ constant: String?) -> String? {
        constant?.split(separator: "_").drop { ["ALERT", "TYPE", "SUBTYPE"].contains($0) }.joined(separator: " ")
            .lowercased()
    }
}
