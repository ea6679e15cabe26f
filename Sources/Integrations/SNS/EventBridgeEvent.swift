internal import Domain
internal import Formats

/// An EventBridge event, the format of many AWS services
/// (https://docs.aws.amazon.com/eventbridge/latest/ref/overview-event-structure.html).
struct EventBridgeEvent {
    let json: JSON
    let type: String
    let detail: JSON

    init?(_ json: JSON) {
        guard let type = json.text("detail-type"), let detail = json["detail"], detail.object != nil else { return nil }
        (self.json, self.type, self.detail) = (json, type, detail)
    }

    /// One alert, unless the event contains a list of findings.
    var drafts: [Draft] {
        var drafts: [Draft]
        switch type {
        case "CloudWatch Alarm State Change": drafts = [alarm]
        case "CloudWatch Alarm Configuration Change":
            drafts = [Draft(status: .informational, title: "Alarm changed: \(detail.text("alarmName") ?? "")")]
            drafts[0].key = json.text("resources[0]")
        case "AWS Health Event", "AWS Health Abuse Event": drafts = [health]
        case "GuardDuty Finding": drafts = [finding]
        case "Security Hub Findings - Imported", "Security Hub Findings - Custom Action": drafts = securityFindings
        default:
            drafts = [service ?? event]
            drafts[0].formerKey = formerKey
        }
        return drafts.prefix(Payload.Limits.events).map { draft in
            var draft = draft
            draft.label("event", type)
            draft.label("source", json.text("source"))
            draft.label("account", json.text("account") ?? detail.text("accountId"))
            draft.label("region", json.text("region"))
            if draft.startsAt == nil, draft.status != .resolved { draft.startsAt = json.instant("time") }
            return draft
        }
    }

    private var alarm: Draft {
        let name = detail.text("alarmName") ?? type
        var draft = Draft(title: name)
        draft.read(alarmState: detail.text("state.value") ?? "ALARM")
        let expressions = (detail.at("configuration.metrics")?.array ?? []).compactMap { $0.text("expression") }
        draft.text = [
            detail.text("configuration.description"), detail.text("state.reason"),
            expressions.isEmpty ? nil : "Metric: " + expressions.joined(separator: ", "),
            detail.text("configuration.alarmRule"),
        ]
        let arn = json.text("resources[0]")
        draft.key = arn
        draft.link("Alarm", arn.flatMap { AWSConsole.alarm(named: name, arn: $0) })
        let changed = detail.instant("state.timestamp")
        if draft.status == .resolved { draft.endsAt = changed } else { draft.startsAt = changed }
        draft.label("state", detail.text("state.value"))
        draft.label("previous_state", detail.text("previousState.value"))
        for metric in detail.at("configuration.metrics")?.array ?? [] {
            let metric = metric.at("metricStat.metric")
            draft.label("namespace", metric?.text("namespace"))
            draft.label("metric", metric?.text("name"))
            draft.label(all: metric?["dimensions"])
        }
        return draft
    }

    private var health: Draft {
        let (service, code) = (detail.text("service"), detail.text("eventTypeCode"))
        var draft = Draft(title: [service, code].compactMap(\.self).joined(separator: ": "))
        if draft.title == "" { draft.title = type }
        draft.status = detail.text("statusCode")?.lowercased() == "closed" ? .resolved : .firing
        switch detail.text("eventTypeCategory") {
        case "scheduledChange", "investigation": draft.severity = .warning
        case "accountNotification": draft.severity = .info
        default: draft.severity = nil
        }
        let descriptions = detail["eventDescription"]?.array ?? []
        let affected = (detail["affectedEntities"]?.array ?? []).prefix(50).compactMap { $0.text("entityValue") }
        draft.text = [
            (descriptions.first { $0.text("language")?.hasPrefix("en") == true } ?? descriptions.first)?
                .text("latestDescription"),
            affected.isEmpty ? nil : "Affected:\n" + affected.joined(separator: "\n"),
        ]
        draft.key = detail.text("eventArn")
        draft.startsAt = detail.instant("startTime")
        draft.endsAt = draft.status == .resolved ? detail.instant("endTime") : nil
        draft.link(
            "AWS Health",
            detail.text("eventArn").map {
                "https://health.aws.amazon.com/health/home#/account/event-log?eventID=\(AWSConsole.escaped($0))"
            })
        return draft
    }

    private var finding: Draft {
        var draft = Draft(title: detail.text("title", "type") ?? type)
        draft.text = [detail.text("description"), detail.text("type")]
        draft.severity = detail.text("severity").flatMap(Double.init).map { score in
            score >= 9 ? .critical : score >= 7 ? .error : score >= 4 ? .warning : .info
        }
        draft.key = detail.text("id", "arn")
        draft.startsAt = detail.instant("service.eventFirstSeen", "createdAt")
        draft.label("type", detail.text("type"))
        if let region = json.text("region"), let id = detail.text("id") {
            let place = "https://console.aws.amazon.com/guardduty/home?region=\(AWSConsole.escaped(region))"
            draft.link("GuardDuty", "\(place)#/findings?search=id%3D\(AWSConsole.escaped(id))")
        }
        return draft
    }

    private var securityFindings: [Draft] {
        (detail["findings"]?.array ?? []).map { finding in
            var draft = Draft(title: finding.text("Title") ?? type)
            let isOver =
                ["RESOLVED", "SUPPRESSED"].contains(finding.text("Workflow.Status"))
                || finding.text("RecordState") == "ARCHIVED" || finding.text("Compliance.Status") == "PASSED"
            draft.status = isOver ? .resolved : .firing
            draft.text = [finding.text("Description"), finding.text("Remediation.Recommendation.Text")]
            draft.severity = Severity(loose: finding.text("Severity.Label"))
            draft.key = finding.text("Id")
            draft.link("Remediation", finding.text("Remediation.Recommendation.Url"))
            draft.link("Source", finding.text("SourceUrl"))
            draft.startsAt = isOver ? nil : finding.instant("FirstObservedAt", "CreatedAt")
            return draft
        }
    }
}

extension EventBridgeEvent {
    /// Reads any other event: its type, its subject, and its outcome if there is one.
    private var event: Draft {
        let subject =
            detail.text(
                "s3ObjectDetails.objectKey", "pipeline", "project-name", "jobName", "name", "dbInstanceIdentifier",
                "SourceIdentifier", "instance-id", "AutoScalingGroupName", "configRuleName", "clusterArn",
                "backupJobId",
                "repository-name", "functionName", "resourceArn", "resource") ?? json.text("resources[0]")
        var draft = Draft(
            title: detail.text("title")
                ?? [type, subject.map { AWSConsole.name(of: $0) }].compactMap(\.self).joined(separator: ": "))
        let outcome = self.outcome
        draft.read(outcome: outcome)
        if type.hasSuffix("Unsuccessful") { draft.status = .firing }
        draft.severity =
            draft.severity ?? Severity(loose: detail.text("severity", "severity.description", "severity.label"))
        let threats = (detail.at("scanResultDetails.threats")?.array ?? []).compactMap { $0.text("name") }
        draft.text =
            reasons + [
                threats.isEmpty ? nil : "Threats: " + threats.joined(separator: ", "), outcome.map { "Outcome: \($0)" },
            ]
        // A success must have the same key as the failure before it, so the outcome is not part of the key.
        let part = detail.text("resourceId", "stage", "check-item-detail.Resource")
        let event = type.replacing("Unsuccessful", with: "Successful")
        draft.key = subject.map { [event, $0, part].compactMap(\.self).joined(separator: ": ") } ?? json.text("id")
        draft.label("outcome", outcome)
        return draft
    }

    /// Services say the outcome in a word or in an object.
    var outcome: String? {
        detail.text(
            "scanResultDetails.scanResultStatus", "newEvaluationResult.complianceType", "state.value", "status.value",
            "state.name",
            "state", "status", "build-status", "lastStatus", "stateValue", "result", "outcome", "StatusCode",
            "scan-status")
    }

    /// Services say the reason under many names, some with capitals.
    var reasons: [String?] {
        let names = [
            "description", "message", "Message", "statusMessage", "StatusMessage", "stoppedReason", "statusReason",
            "reason",
            "cause", "Cause", "error", "errorMessage", "state.reason", "status.reason",
            "newEvaluationResult.annotation",
            "errorInformation.message", "additional-information.phases[0].phase-context[0]",
        ]
        var found: [String] = []
        for text in names.compactMap({ detail.text($0) }) where !found.contains(text) { found.append(text) }
        return found
    }
}

extension EventBridgeEvent {
    /// The key that earlier versions gave events other than alarms, health and findings: the type and the subject. They told a
    /// failed launch from a successful one, so a success looks for the failure.
    private var formerKey: DedupKey? {
        let subject =
            detail.text(
                "s3ObjectDetails.objectKey", "pipeline", "project-name", "jobName", "name", "dbInstanceIdentifier",
                "SourceIdentifier", "instance-id", "clusterArn", "backupJobId") ?? json.text("resources[0]")
        guard let subject else { return nil }
        let isSuccess = type.hasSuffix(" Successful")
        return DedupKey("\(isSuccess ? type.replacing(" Successful", with: " Unsuccessful") : type): \(subject)")
    }
}

extension Draft {
    /// The words that AWS services use for outcomes.
    mutating func read(outcome: String?) {
        switch outcome?.uppercased() {
        case "SUCCEEDED", "COMPLETED", "COMPLETE", "SUCCESS", "SUCCESSFUL", "OK", "COMPLIANT", "CLOSED", "SUPPRESSED",
            "ARCHIVED",
            "RESOLVED", "PASSED", "AVAILABLE", "HEALTHY":
            status = .resolved
        case "NO_THREATS_FOUND", "NOT_APPLICABLE", "INSUFFICIENT_DATA": status = .informational
        case "THREATS_FOUND": severity = .critical
        case "STARTED", "START", "STARTING", "IN_PROGRESS", "INPROGRESS", "PENDING", "QUEUED", "READY", "RUNNING",
            "PROVISIONING",
            "ACTIVATING", "DEPROVISIONING", "STOPPING", "SUBMITTED", "RUNNABLE", "CREATED", "CREATING", "SHUTTING-DOWN",
            "RESUMED",
            "SUPERSEDED", "WAITING", "BOOTSTRAPPING", "INITIALIZING", "UPDATING", "DELETING", "MODIFYING", "PAUSED":
            status = .informational
        default: status = .firing
        }
    }
}
