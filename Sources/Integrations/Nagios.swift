internal import Domain
internal import Formats

/// Nagios, Icinga, Naemon and Checkmk: the macros of a notification command, as a form or as JSON
/// (https://assets.nagios.com/downloads/nagioscore/docs/nagioscore/4/en/macrolist.html).
struct NagiosIntegration: JSONIntegration {
    static let kind = "nagios"
    static let title = "Nagios, Icinga"
    static let fields = FieldGuide(
        status:
            "`NOTIFICATIONTYPE`: PROBLEM, RECOVERY, ACKNOWLEDGEMENT; flapping, downtimes and custom ones never page; "
            + "else the state", key: "`HOSTNAME`, with `!SERVICEDESC` of a service",
        title: "host, service and `SERVICEOUTPUT` or `HOSTOUTPUT`", text: "`LONGSERVICEOUTPUT`, author and comment",
        severity:
            "`SERVICESTATE`: CRITICAL, WARNING, UNKNOWN (warning); `HOSTSTATE`: DOWN (critical), UNREACHABLE (warning)",
        links: "`SERVICEACTIONURL`, `SERVICENOTESURL`, those of the host, `url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep(
                "Nagios: define commands, and name them in a contact.",
                code: #"""
                    define command {
                      command_name  notify-service-by-pagerpal
                      command_line  curl -fsS -m 20 -H 'X-API-Key: \#(key)' \#(url) \
                        --data-urlencode 'NOTIFICATIONTYPE=$NOTIFICATIONTYPE$' --data-urlencode 'HOSTNAME=$HOSTNAME$' \
                        --data-urlencode 'SERVICEDESC=$SERVICEDESC$' --data-urlencode 'SERVICESTATE=$SERVICESTATE$' \
                        --data-urlencode 'SERVICEOUTPUT=$SERVICEOUTPUT$' --data-urlencode 'TIMET=$TIMET$'
                    }
                    define command {
                      command_name  notify-host-by-pagerpal
                      command_line  curl -fsS -m 20 -H 'X-API-Key: \#(key)' \#(url) \
                        --data-urlencode 'NOTIFICATIONTYPE=$NOTIFICATIONTYPE$' --data-urlencode 'HOSTNAME=$HOSTNAME$' \
                        --data-urlencode 'HOSTSTATE=$HOSTSTATE$' --data-urlencode 'HOSTOUTPUT=$HOSTOUTPUT$' \
                        --data-urlencode 'TIMET=$TIMET$'
                    }
                    """#),
            SetupStep(
                "Icinga 2: define notification commands, and use them in Notification objects.",
                code: #"""
                    object NotificationCommand "pagerpal-service" {
                      command = [ "curl", "-fsS", "-m", "20", "-H", "X-API-Key: \#(key)", "\#(url)",
                        "--data-urlencode", "NOTIFICATIONTYPE=$notification.type$",
                        "--data-urlencode", "HOSTNAME=$host.name$",
                        "--data-urlencode", "SERVICEDESC=$service.name$",
                        "--data-urlencode", "SERVICESTATE=$service.state$",
                        "--data-urlencode", "SERVICEOUTPUT=$service.output$",
                        "--data-urlencode", "TIMET=$icinga.timet$" ]
                    }
                    object NotificationCommand "pagerpal-host" {
                      command = [ "curl", "-fsS", "-m", "20", "-H", "X-API-Key: \#(key)", "\#(url)",
                        "--data-urlencode", "NOTIFICATIONTYPE=$notification.type$",
                        "--data-urlencode", "HOSTNAME=$host.name$",
                        "--data-urlencode", "HOSTSTATE=$host.state$",
                        "--data-urlencode", "HOSTOUTPUT=$host.output$",
                        "--data-urlencode", "TIMET=$icinga.timet$" ]
                    }
                    """#),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        let names = NagiosNames(json)
        return names["notificationtype"] != nil && names["hostname"] != nil
            || names["hostname"] != nil && names["output"] != nil && names["state"] != nil
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        let names = NagiosNames(json)
        guard let host = names["hostname", "host", "hostalias", "hostdisplayname"] else { return nil }
        let service = names["servicedesc", "servicename", "service", "servicedisplayname"]
        let state = service == nil ? names["hoststate", "state"] : names["servicestate", "state"]
        let output = service == nil ? names["hostoutput", "output"] : names["serviceoutput", "output"]
        guard state ?? output ?? names["notificationtype"] != nil else { return nil }
        var draft = Draft()
        draft.status = status(type: names["notificationtype", "type"], state: state)
        let place = service.map { "\(host)/\($0)" } ?? host
        draft.title = "\(place): \(output ?? names["checkoutput"] ?? state ?? "problem")"
        let author = names[
            "notificationauthorname", "notificationauthor", "author", "ackauthor", "serviceackauthor", "hostackauthor"]
        let comment = names["notificationcomment", "comment", "ackcomment", "serviceackcomment", "hostackcomment"]
        draft.text = [
            names[service == nil ? "longhostoutput" : "longserviceoutput", "longoutput"].map(withLines),
            comment.map { [author, $0].compactMap(\.self).joined(separator: ": ") },
        ]
        if draft.status != .resolved { draft.severity = severity(state) }
        draft.key = service.map { "\(host)!\($0)" } ?? host
        for (title, name) in [("Actions", "actionurl"), ("Notes", "notesurl")] {
            draft.link(title, names["service" + name, "host" + name, name])
        }
        draft.link("Monitoring", names["url", "link", "icingaweb2url"])
        draft.label("host", host)
        draft.label("service", service)
        draft.label("address", names["hostaddress", "address"])
        draft.happened(at: time(names))
        return Decoded(draft)
    }

    private func status(type: String?, state: String?) -> AlertEvent.Status {
        switch type?.uppercased() {
        case "PROBLEM": .firing
        case "RECOVERY", "RECOVERED": .resolved
        case "ACKNOWLEDGEMENT": .acknowledged
        case .some(let type) where AlertEvent.Status(word: type) == nil: .informational
        default: ["OK", "UP", "0"].contains(state?.uppercased()) ? .resolved : .firing
        }
    }

    private func severity(_ state: String?) -> Severity? {
        switch state?.uppercased() {
        case "CRITICAL", "DOWN", "2": .critical
        case "WARNING", "UNKNOWN", "UNREACHABLE", "1", "3": .warning
        default: nil
        }
    }

    /// Macros contain line ends as `\n`.
    private func withLines(_ text: String) -> String { text.split(separator: "\\n").joined(separator: "\n") }

    private func time(_ names: NagiosNames) -> Timestamp? {
        for text in [names["timet", "timestamp"], names["longdatetime", "date", "datetime"]] {
            if let instant = text.flatMap(Clean.instant) { return instant }
        }
        return nil
    }
}

/// The macros by name. The prefix of environment macros is removed, and so are the dollar signs of macros that were not
/// filled in.
private struct NagiosNames {
    private let names: Names

    init(_ json: JSON) {
        var plain = JSONObject()
        for member in json.object?.members ?? [] {
            let name = member.name.uppercased()
            let prefix = ["NAGIOS_", "ICINGA_", "NOTIFY_"].first { name.hasPrefix($0) } ?? ""
            plain[String(name.dropFirst(prefix.count))] = member.value
        }
        names = Names(.object(plain)) { $0.hasPrefix("$") && $0.hasSuffix("$") }
    }

    subscript(_ wanted: String...) -> String? { wanted.lazy.compactMap { names[$0] }.first }
}
