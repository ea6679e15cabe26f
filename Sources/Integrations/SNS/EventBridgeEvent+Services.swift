internal import Domain
internal import Formats

/// Services whose events need more than the usual names: what is watched, which states are steps and which are outcomes.
extension EventBridgeEvent {
    /// Nil for an event that the general reading reads.
    var service: Draft? {
        switch type {
        case "CloudWatch Alarm Contributor State Change": contributor
        case "ECS Task State Change": task
        case "ECS Deployment State Change", "ECS Service Action": deployment
        case "Step Functions Execution Status Change": execution
        case "CodeDeploy Deployment State-change Notification": codeDeploy
        case "Inspector2 Finding", "Inspector Finding", "Macie Finding", "IAM Access Analyzer Finding",
            "Access Analyzer Finding":
            securityFinding
        case "Trusted Advisor Check Item Refresh Notification": advisor
        case "ECR Image Scan": imageScan
        default: nil
        }
    }

    /// One time series of an alarm with several. Each is a problem of its own.
    private var contributor: Draft {
        let name = detail.text("alarmName") ?? type
        let attributes = (detail.at("alarmContributor.attributes")?.object?.members ?? []).map {
            "\($0.name)=\($0.value.rendered)"
        }
        var draft = Draft(title: attributes.isEmpty ? name : "\(name) (\(attributes.joined(separator: ", ")))")
        draft.read(alarmState: detail.text("state.value", "alarmContributor.state.value") ?? "ALARM")
        draft.text = [
            detail.text("configuration.description"), detail.text("state.reason", "alarmContributor.stateReason"),
        ]
        let arn = json.text("resources[0]") ?? name
        let id =
            detail.text("alarmContributor.id", "alarmContributor.contributorId") ?? attributes.joined(separator: ",")
        draft.key = "\(arn)/\(id)"
        draft.link("Alarm", AWSConsole.alarm(named: name, arn: arn))
        draft.happened(at: detail.instant("state.timestamp"))
        draft.label(all: detail.at("alarmContributor.attributes"))
        return draft
    }

    /// A task that stops is a problem unless somebody or the scheduler wanted it. All other states are steps.
    private var task: Draft {
        let group = detail.text("group") ?? detail.text("taskDefinitionArn").map { AWSConsole.name(of: $0) } ?? "task"
        let name = group.split(separator: ":", maxSplits: 1).last.map { String($0) } ?? group
        let status = detail.text("lastStatus") ?? ""
        let reason = detail.text("stoppedReason")
        var draft = Draft(title: "\(name): \(reason ?? "the task is \(status)")")
        let isWanted = ["UserInitiated", "ServiceSchedulerInitiated"].contains(detail.text("stopCode"))
        draft.status = status == "STOPPED" && reason != nil && !isWanted ? .firing : .informational
        let containers = (detail["containers"]?.array ?? []).prefix(20).compactMap { container -> String? in
            guard container.text("reason") ?? container.text("exitCode") != nil else { return nil }
            let parts = [container.text("reason"), container.text("exitCode").map { "exit code \($0)" }]
            return "\(container.text("name") ?? "container"): \(parts.compactMap(\.self).joined(separator: ", "))"
        }
        draft.text = [reason, containers.joined(separator: "\n")]
        draft.key = "\(detail.text("clusterArn") ?? "")/\(group)"
        draft.label("group", group)
        draft.label("task", detail.text("taskArn"))
        draft.label("outcome", status)
        return draft
    }

    private var deployment: Draft {
        let service = json.text("resources[0]") ?? detail.text("clusterArn") ?? type
        let event = detail.text("eventName") ?? ""
        var draft = Draft(title: "\(AWSConsole.name(of: service)): \(event)")
        if event.hasSuffix("_COMPLETED") || event == "SERVICE_STEADY_STATE" {
            draft.status = .resolved
        } else {
            draft.status = detail.text("eventType") == "INFO" && !event.hasSuffix("_FAILED") ? .informational : .firing
        }
        if detail.text("eventType") == "WARN" { draft.severity = .warning }
        draft.text = reasons
        draft.key = "ecs-service/\(service)"
        draft.label("outcome", event)
        return draft
    }

    /// The run's name is random. The state machine is what fails and recovers.
    private var execution: Draft {
        let machine = detail.text("stateMachineArn") ?? detail.text("executionArn") ?? type
        let status = detail.text("status") ?? ""
        var draft = Draft(title: "\(AWSConsole.name(of: machine)): \(status)")
        draft.read(outcome: status)
        draft.text = [
            detail.text("error"), detail.text("cause"), detail.text("executionArn").map { "Execution: \($0)" },
        ]
        draft.key = machine
        draft.label("outcome", status)
        return draft
    }

    private var codeDeploy: Draft {
        let (application, group) = (detail.text("application") ?? "", detail.text("deploymentGroup") ?? "")
        let state = detail.text("state") ?? ""
        var draft = Draft(title: "Deployment of \(application) to \(group): \(state)")
        draft.read(outcome: state)
        draft.text = reasons + [detail.text("deploymentId").map { "Deployment: \($0)" }]
        let arns = (json["resources"]?.array ?? []).compactMap(\.text)
        draft.key = arns.first { $0.contains(":deploymentgroup:") } ?? "codedeploy/\(application)/\(group)"
        draft.label("outcome", state)
        return draft
    }

    /// Each finding is a problem of its own, whatever it is about.
    private var securityFinding: Draft {
        let arn = detail.text("findingArn", "id", "arn", "findingId")
        var draft = Draft(title: detail.text("title", "type", "findingType") ?? type)
        draft.read(outcome: detail.text("status"))
        draft.text = [detail.text("description"), detail.text("remediation.recommendation.text")]
        if let resource = detail.text("resources[0].id", "resource") { draft.text.append("Resource: \(resource)") }
        draft.severity = Severity(loose: detail.text("severity", "severity.description", "severity.label"))
        draft.key = arn
        draft.startsAt = draft.status == .firing ? detail.instant("firstObservedAt", "createdAt") : nil
        draft.label("type", detail.text("type"))
        draft.label("resource", detail.text("resources[0].id", "resource"))
        draft.identity = Identity((json["resources"]?.array ?? []).compactMap(\.text).map { ("resource", $0) })
        return draft
    }

    private var advisor: Draft {
        let check = detail.text("check-name") ?? type
        let item = detail["check-item-detail"]
        let resource =
            detail.text("resource_id")
            ?? [item?.text("Service"), item?.text("Limit Name", "Resource")].compactMap(\.self).joined(separator: " ")
        var draft = Draft(title: resource.isEmpty ? check : "\(check): \(AWSConsole.name(of: resource))")
        let status = detail.text("status")?.uppercased()
        draft.status = status == "OK" ? .resolved : status == "INFO" ? .informational : .firing
        draft.severity = status == "WARN" ? .warning : status == "ERROR" ? .error : nil
        draft.text = [
            (item?.object?.members ?? []).prefix(30).map { "\($0.name): \($0.value.rendered)" }.joined(separator: "\n")
        ]
        let region = item?.text("Region") ?? json.text("region") ?? ""
        draft.key = [check, resource, region, detail.text("uuid") ?? ""].joined(separator: "/")
        draft.label("outcome", status)
        return draft
    }

    /// A finished scan is a problem if it found something.
    private var imageScan: Draft {
        let repository =
            detail.text("repository-name") ?? json.text("resources[0]").map { AWSConsole.name(of: $0) } ?? "image"
        let counts = (detail["finding-severity-counts"]?.object?.members ?? []).compactMap { member in
            member.value.integer.map { (name: member.name.uppercased(), count: $0) }
        }.filter { $0.count > 0 }
        let tag = detail.text("image-tags[0]")
        let image = tag.map { "\(repository):\($0)" } ?? repository
        let found = counts.map { "\($0.count) \($0.name.lowercased())" }.joined(separator: ", ")
        var draft = Draft(title: found.isEmpty ? "Image scan of \(image)" : "Image scan of \(image): \(found)")
        let names = Set(counts.map(\.name))
        draft.severity =
            names.contains("CRITICAL")
            ? .critical : names.contains("HIGH") ? .error : names.contains("MEDIUM") ? .warning : .info
        switch detail.text("scan-status")?.uppercased() {
        case "COMPLETE" where names.isEmpty: draft.status = .resolved
        case "COMPLETE", "ACTIVE": draft.status = names.isEmpty ? .informational : .firing
        case "FAILED": (draft.status, draft.severity) = (.firing, .warning)
        default: draft.status = .informational
        }
        draft.text = [found.isEmpty ? nil : "Findings: \(found)", detail.text("image-digest")]
        draft.key = "ecr-scan/\(json.text("resources[0]") ?? repository)"
        return draft
    }
}
