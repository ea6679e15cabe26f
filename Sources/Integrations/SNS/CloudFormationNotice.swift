internal import Domain

/// A notice of CloudFormation about a stack: lines of `Name='value'`
/// (https://docs.aws.amazon.com/AWSCloudFormation/latest/UserGuide/cfn-console-add-tags.html).
struct CloudFormationNotice {
    private var values: [String: String] = [:]

    /// Nil when the text is no such notice.
    init?(_ text: String) {
        for line in text.split(whereSeparator: \.isNewline).prefix(100) {
            guard let equals = line.firstIndex(of: "=") else { continue }
            let value = line[line.index(after: equals)...].trimmingBlanks()
            values[line[..<equals].trimmingBlanks()] =
                value.hasPrefix("'") && value.count >= 2 ? String(value.dropFirst().dropLast()) : value
        }
        guard values["StackId"] != nil, values["ResourceStatus"] != nil else { return nil }
    }

    /// The stack counts. What happens to its resources on the way is noted.
    var draft: Draft {
        let status = values["ResourceStatus"] ?? ""
        let name = values["StackName"] ?? values["StackId"].map { AWSConsole.name(of: $0) } ?? "Stack"
        var draft = Draft(title: "Stack \(name): \(status)")
        if values["ResourceType"].map({ $0 != "AWS::CloudFormation::Stack" }) == true
            || status.hasSuffix("_IN_PROGRESS")
        {
            draft.status = .informational
        } else if status.hasSuffix("_FAILED") || status.contains("ROLLBACK") {
            draft.status = .firing
        } else {
            draft.status = status.hasSuffix("_COMPLETE") ? .resolved : .informational
        }
        let reason = values["ResourceStatusReason"].flatMap { $0.isEmpty || $0 == "null" ? nil : $0 }
        draft.text = [reason, values["LogicalResourceId"].map { "Resource: \($0)" }]
        draft.key = values["StackId"]
        draft.label("stack", name)
        draft.label("status", status)
        draft.startsAt = draft.status == .firing ? values["Timestamp"].flatMap(Clean.instant) : nil
        return draft
    }
}
