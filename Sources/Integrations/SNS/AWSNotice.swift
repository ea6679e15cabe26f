internal import Domain
internal import Formats

/// Notices that AWS services publish in their own JSON formats: RDS and DMS, Auto Scaling, SES, cost anomalies.
enum AWSNotice {
    /// Nil when the notice is none of these.
    static func draft(_ json: JSON, subject: String?) -> Draft? {
        if json["Event Message"] != nil, json["Event Source"] != nil { return database(json, subject) }
        if json["AutoScalingGroupName"] != nil, json["Event"] != nil { return scaling(json, subject) }
        if json["mail"] != nil, let type = json.text("eventType", "notificationType") { return mail(json, type) }
        if json["anomalyId"] != nil, json["impact"] != nil { return anomaly(json) }
        return nil
    }

    /// Reads RDS, Aurora, Redshift and DMS. Their member names contain blanks, and the event's number ends its address.
    private static func database(_ json: JSON, _ subject: String?) -> Draft {
        let id = json.text("Source ID", "SourceId") ?? json.text("Identifier Link") ?? ""
        let page = json.text("Event ID")?.trimmingBlanks()
        let number = page?.split(separator: "#").last.map(String.init)
        var draft = Draft(title: "\(subject.flatMap { $0.isEmpty ? nil : $0 } ?? "Database event"): \(id)")
        draft.text = [json.text("Event Message")]
        draft.key = [json.text("Source ARN") ?? id, number].compactMap(\.self).joined(separator: "#")
        draft.startsAt = json.instant("Event Time")
        draft.link("Console", json.text("Identifier Link")?.trimmingBlanks())
        draft.link("Event", page)
        draft.label("source", json.text("Event Source"))
        draft.label("source_id", id)
        draft.label("event", number)
        draft.label(all: json["Tags"])
        return draft
    }

    private static func scaling(_ json: JSON, _ subject: String?) -> Draft {
        let (event, group) = (json.text("Event") ?? "", json.text("AutoScalingGroupName") ?? "")
        var draft = Draft(title: subject.flatMap { $0.isEmpty ? nil : $0 } ?? "\(event): \(group)")
        if event.hasSuffix("TEST_NOTIFICATION") { draft.status = .informational }
        draft.severity = event.hasSuffix("_ERROR") ? .error : .info
        draft.text = [json.text("Description"), json.text("Cause"), json.text("StatusMessage")]
        draft.key = "\(json.text("AutoScalingGroupARN") ?? group)/\(event)"
        draft.startsAt = json.instant("StartTime", "Time")
        draft.label("group", group)
        draft.label("event", event)
        draft.label("instance", json.text("EC2InstanceId"))
        draft.label("account", json.text("AccountId"))
        return draft
    }

    /// Reads a cost anomaly (https://docs.aws.amazon.com/cost-management/latest/userguide/ad-SNS.html).
    private static func anomaly(_ json: JSON) -> Draft {
        let causes = (json["rootCauses"]?.array ?? []).prefix(20).map { cause in
            ["service", "region", "usageType", "linkedAccount"].compactMap { cause.text($0) }.joined(separator: ", ")
        }
        let what = json.text("dimensionalValue", "rootCauses[0].service", "monitorName")
        var draft = Draft(title: ["Cost anomaly", what].compactMap(\.self).joined(separator: ": "))
        draft.severity = .warning
        draft.text = [
            json.text("impact.totalImpact").map { "Impact: \($0) USD" },
            causes.isEmpty ? nil : "Causes:\n" + causes.joined(separator: "\n"),
        ]
        draft.key = json.text("anomalyId")
        draft.startsAt = json.instant("anomalyStartDate")
        draft.link("Anomaly", json.text("anomalyDetailsLink"))
        draft.label("account", json.text("accountId"))
        draft.label("monitor", json.text("monitorName", "monitorArn"))
        return draft
    }

    /// SES reports every mail. Only failures are problems, and one problem per sender and kind is enough.
    private static func mail(_ json: JSON, _ type: String) -> Draft {
        let recipients = recipients(of: json)
        let subtype = json.text("bounce.bounceType", "complaint.complaintFeedbackType", "deliveryDelay.delayType")
        let kind = [type, subtype.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
        var draft = Draft(title: "SES \(kind): \(recipients.first ?? json.text("mail.destination[0]") ?? "")")
        switch type {
        case "Bounce", "Reject", "Rendering Failure", "DeliveryDelay": draft.severity = .warning
        case "Complaint": draft.severity = .error
        default: draft.status = .informational
        }
        let reasons = (json.at("bounce.bouncedRecipients")?.array ?? []).compactMap { $0.text("diagnosticCode") }
        draft.text = [
            json.text("mail.commonHeaders.subject").map { "Subject: \($0)" },
            reasons.isEmpty ? nil : reasons.prefix(20).joined(separator: "\n"),
            json.text("reject.reason", "failure.errorMessage"),
            recipients.count > 1 ? "To: " + recipients.joined(separator: ", ") : nil,
        ]
        draft.key = "ses/\(json.text("mail.sourceArn", "mail.source") ?? "")/\(type)"
        draft.startsAt = json.instant("\(detailName(type)).timestamp", "mail.timestamp")
        draft.label("source", json.text("mail.source"))
        draft.label("event", type)
        return draft
    }

    private static func recipients(of json: JSON) -> [String] {
        let lists = ["bounce.bouncedRecipients", "complaint.complainedRecipients", "deliveryDelay.delayedRecipients"]
        return lists.flatMap { json.at($0)?.array ?? [] }.prefix(20).compactMap { $0.text("emailAddress") }
    }

    private static func detailName(_ type: String) -> String { type.prefix(1).lowercased() + type.dropFirst() }
}

/// AWS Backup describes its text in the message's attributes.
struct AWSBackupJob {
    private let id: String
    private let type: String
    private let state: String

    init?(attributes: [(name: String, value: String)]) {
        func value(_ name: String) -> String? { attributes.first { $0.name == name }?.value }
        guard let type = value("EventType"), type.hasSuffix("_JOB"), let state = value("State"), let id = value("Id")
        else { return nil }
        (self.id, self.type, self.state) = (id, type, state)
    }

    /// Successful jobs are reported too, with the lowest severity.
    func fill(_ draft: inout Draft) {
        draft.key = "\(type)/\(id)"
        switch state {
        case "FAILED", "ABORTED", "EXPIRED", "PARTIAL": draft.severity = .error
        default: draft.severity = .info
        }
    }
}
