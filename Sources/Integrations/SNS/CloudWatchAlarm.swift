internal import Domain
internal import Formats

/// An alarm's change of state, as CloudWatch publishes it to a topic: metric, metric-math, anomaly and composite alarms
/// (https://docs.aws.amazon.com/AmazonCloudWatch/latest/monitoring/AlarmThatSendsEmail.html).
struct CloudWatchAlarm {
    private let json: JSON
    private let name: String
    private let state: String

    init?(_ json: JSON) {
        guard let name = json.text("AlarmName"), let state = json.text("NewStateValue") else { return nil }
        (self.json, self.name, self.state) = (json, name, state)
    }

    var draft: Draft {
        var draft = Draft(title: name)
        draft.read(alarmState: state)
        draft.text = [json.text("AlarmDescription"), reason, condition, json.text("AlarmRule"), children]
        let account = json.text("AWSAccountId")
        let arn = json.text("AlarmArn")
        draft.key = arn ?? "\(account ?? "")/\(json.text("Region") ?? "")/\(name)"
        let changed = json.instant("StateChangeTime")
        if draft.status == .resolved { draft.endsAt = changed } else { draft.startsAt = changed }
        draft.link("Alarm", arn.flatMap { AWSConsole.alarm(named: name, arn: $0) })
        draft.label("account", account)
        draft.label("region", arn.flatMap(AWSConsole.region) ?? json.text("Region"))
        draft.label("state", state)
        draft.label("previous_state", json.text("OldStateValue"))
        label(metric: json["Trigger"], of: &draft)
        for metric in json.at("Trigger.Metrics")?.array ?? [] {
            label(metric: metric.at("MetricStat.Metric"), of: &draft)
        }
        return draft
    }

    private var reason: String? { json.text("NewStateReason") }

    private func label(metric: JSON?, of draft: inout Draft) {
        guard let metric else { return }
        draft.label("namespace", metric.text("Namespace"))
        draft.label("metric", metric.text("MetricName"))
        for dimension in metric["Dimensions"]?.array ?? [] {
            if let name = dimension.text("name", "Name") { draft.label(name, dimension.text("value", "Value")) }
        }
    }

    /// `AWS/EC2 CPUUtilization: AVERAGE GreaterThanThreshold 50.0, 3 of 3 periods of 300 s`
    private var condition: String? {
        guard let trigger = json["Trigger"] else { return nil }
        let metrics = trigger["Metrics"]?.array ?? []
        let expressions = metrics.compactMap { $0.text("Expression") }
        let measured =
            trigger.text("MetricName").map { "\(trigger.text("Namespace") ?? "") \($0)" }
            ?? (expressions.isEmpty
            ? metrics.compactMap { $0.text("MetricStat.Metric.MetricName") } : expressions)
            .joined(separator: ", ")
        let test = [trigger.text("Statistic"), trigger.text("ComparisonOperator"), trigger.text("Threshold")]
        var text = "\(measured): \(test.compactMap(\.self).joined(separator: " "))"
        if let periods = trigger.text("EvaluationPeriods"), let period = trigger.text("Period") {
            text += ", \(trigger.text("DatapointsToAlarm") ?? periods) of \(periods) periods of \(period) s"
        }
        return text
    }

    /// The alarms that triggered a composite alarm.
    private var children: String? {
        let arns = (json["TriggeringChildren"]?.array ?? []).prefix(50).compactMap { child in
            child.text("Arn").map { "\($0): \(child.text("State.Value") ?? "?")" }
        }
        return arns.isEmpty ? nil : "Set off by:\n" + arns.joined(separator: "\n")
    }
}

extension Draft {
    /// Insufficient data is neither good nor bad. It fires as a warning and never resolves anything.
    mutating func read(alarmState state: String) {
        switch state.uppercased() {
        case "OK": status = .resolved
        case "INSUFFICIENT_DATA": (status, severity) = (.firing, .warning)
        default: status = .firing
        }
    }
}

/// Addresses in the AWS console.
enum AWSConsole {
    /// Returns the region of an `arn:partition:service:region:account:…`. Nil when it has none.
    static func region(of arn: String) -> String? {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn", !parts[3].isEmpty else { return nil }
        return String(parts[3])
    }

    /// Returns what an ARN names, for people: `cart` of `arn:…:application:cart`. Other texts stay as they are.
    static func name(of arn: String) -> String {
        let parts = arn.split(separator: ":", maxSplits: 5, omittingEmptySubsequences: false)
        guard parts.count == 6, parts[0] == "arn" else { return arn }
        let resource = parts[5].split(separator: ":").last ?? parts[5]
        return resource.split(separator: "/").last.map { String($0) } ?? arn
    }

    static func alarm(named name: String, arn: String) -> String? {
        guard let region = region(of: arn) else { return nil }
        let host =
            region.hasPrefix("cn-")
            ? "console.amazonaws.cn"
            : region.hasPrefix("us-gov-") ? "console.amazonaws-us-gov.com" : "console.aws.amazon.com"
        return "https://\(host)/cloudwatch/home?region=\(escaped(region))#alarmsV2:alarm/\(escaped(name))"
    }

    /// Percent-encodes everything except the unreserved characters of RFC 3986.
    static func escaped(_ text: String) -> String {
        text.utf8.reduce(into: "") { escaped, byte in
            let scalar = Unicode.Scalar(byte)
            let isPlain = byte < 128 && (scalar.properties.isAlphabetic || (48...57).contains(byte))
            if isPlain || "-._~".unicodeScalars.contains(scalar) {
                escaped.unicodeScalars.append(scalar)
            } else {
                let digits = String(byte, radix: 16, uppercase: true)
                escaped += digits.count == 1 ? "%0" + digits : "%" + digits
            }
        }
    }
}
