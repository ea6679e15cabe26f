internal import Domain
internal import Formats

/// A webhook media type of Zabbix. People choose the field names, so all common ones are recognized
/// (https://www.zabbix.com/documentation/current/en/manual/config/notifications/media/webhook).
struct ZabbixIntegration: JSONIntegration {
    static let kind = "zabbix"
    static let title = "Zabbix"
    static let fields = FieldGuide(
        status: "`event_value`, else `status`: PROBLEM, OK, RESOLVED; with `event_update_status` 1 an acknowledgement "
            + "in `event_update_action` acknowledges, other updates never page",
        key: "`trigger_id`, else that in `link`, `alert_uid` or `event_id`", title: "`event_name` or `trigger`",
        text: "`opdata` or `item`, `message`", severity: "`event_nseverity` 0 to 5, or `severity`: Disaster, High, …",
        links: "`link` or `trigger_url`")

    static func setup(url: String, key: String) -> [SetupStep] {
        [
            SetupStep(
                "Under Alerts, Media types, create one of the type Webhook with these parameters.",
                code: """
                    url                  \(url)
                    key                  \(key)
                    trigger_id           {TRIGGER.ID}
                    event_id             {EVENT.ID}
                    event_value          {EVENT.VALUE}
                    event_update_status  {EVENT.UPDATE.STATUS}
                    event_update_action  {EVENT.UPDATE.ACTION}
                    event_nseverity      {EVENT.NSEVERITY}
                    event_name           {EVENT.NAME}
                    opdata               {EVENT.OPDATA}
                    host                 {HOST.NAME}
                    tags                 {EVENT.TAGS}
                    link                 {$ZABBIX.URL}/tr_events.php?triggerid={TRIGGER.ID}&eventid={EVENT.ID}
                    """),
            SetupStep(
                "Paste the script.",
                code: """
                    var fields = JSON.parse(value), url = fields.url, request = new HttpRequest();
                    request.addHeader('Content-Type: application/json');
                    request.addHeader('X-API-Key: ' + fields.key);
                    delete fields.url; delete fields.key;
                    var answer = request.post(url, JSON.stringify(fields));
                    if (request.getStatus() >= 300) throw 'PagerPal: ' + request.getStatus() + ' ' + answer;
                    return answer;
                    """),
            SetupStep(
                "Add message templates for Problem, Problem recovery and Problem update, give a user this media, and let "
                    + "a trigger action send to that user, recovery and update operations too."),
        ]
    }

    static func recognises(_ json: JSON) -> Bool {
        let names = Names(json)
        return names["triggerid", "triggername", "trigger"] != nil
            && names["status", "triggerstatus", "eventstatus", "eventvalue"] != nil
    }

    func read(_ json: JSON, from payload: Payload, _ options: SourceOptions) throws(PayloadError) -> Decoded? {
        let names = Names(json, isPlaceholder: isPlaceholder)
        var draft = Draft()
        draft.title =
            names[
                "trigger", "triggername", "eventname", "problem", "problemname", "title", "name", "subject",
                "alertsubject",
                "message", "alertmessage"]
        guard draft.title != nil else { return nil }
        let link = names["link", "linktoupstreamdetails", "url", "triggerurl", "eventurl", "problemurl", "alerturl"]
        draft.status = status(names)
        draft.text = [
            names["item", "opdata", "eventopdata", "itemvalue"], names["message", "alertmessage"],
            names["triggerdescription", "description"], names["eventupdatemessage", "updatemessage"],
        ].map { $0 == draft.title ? nil : $0 }
        draft.severity = severity(names)
        draft.key =
            names["triggerid"] ?? link.flatMap(triggerID)
            ?? names["alertuid", "eventid", "problemid", "eventproblemid", "objectid", "id"]
            ?? names["hostname", "host", "hosthost"].map { "\($0): \(draft.title ?? "")" }
        draft.link("Zabbix", link)
        draft.link("Image", names["imageurl"])
        draft.label("host", names["hostname", "host", "hosthost"])
        draft.label("ip", names["hostip", "ip"])
        tags(names["tags", "eventtags", "eventtagsjson", "triggertags"], in: &draft)
        draft.happened(at: names["timestamp", "eventtimestamp"].flatMap(Clean.instant))
        var decoded = Decoded(draft)
        // Zabbix's media types of other products fail on any other answer.
        decoded.prefersOK = true
        return decoded
    }

    /// Whether a text is a macro that could not be filled in: `{EVENT.TAGS}`, `*UNKNOWN*`.
    private func isPlaceholder(_ text: String) -> Bool {
        text == "*UNKNOWN*" || text.hasPrefix("{") && text.hasSuffix("}") && !text.contains("\"") && !text.contains(" ")
    }

    private func status(_ names: Names) -> AlertEvent.Status {
        let word = names["eventvalue", "triggervalue", "value", "status", "eventstatus", "triggerstatus", "state"]
        let status: AlertEvent.Status
        switch word {
        case "0": status = .resolved
        case "1": status = .firing
        default: status = word.flatMap { AlertEvent.Status(word: $0) } ?? .firing
        }
        guard status == .firing, names["eventupdatestatus", "updatestatus"] == "1" else { return status }
        let action = names["eventupdateaction", "updateaction"]?.lowercased() ?? ""
        if action.contains("severity") { return .firing }
        return action.contains("acknowledged") && !action.contains("unacknowledged") ? .acknowledged : .informational
    }

    private func severity(_ names: Names) -> Severity? {
        let word = names[
            "eventnseverity", "nseverity", "triggernseverity", "severity", "eventseverity", "triggerseverity",
            "priority"]
        // Zabbix counts from 0 (not classified) to 5 (disaster).
        switch word {
        case "5": return .critical
        case "4", "3": return .error
        case "2": return .warning
        case "1", "0": return .info
        default: return Severity(loose: word)
        }
    }

    private func triggerID(in link: String) -> String? {
        guard let start = link.firstRange(of: "triggerid=")?.upperBound else { return nil }
        let digits = link[start...].prefix { $0.isNumber }
        return digits.isEmpty ? nil : String(digits)
    }

    /// Reads `Service:web, env:prod`, or a JSON array of `{tag, value}`.
    private func tags(_ text: String?, in draft: inout Draft) {
        guard let text, let list = try? JSONParser.parse(text).array else { return draft.label(tags: text) }
        for tag in list { if let name = tag.text("tag", "name") { draft.label(name, tag.text("value") ?? "true") } }
    }
}
