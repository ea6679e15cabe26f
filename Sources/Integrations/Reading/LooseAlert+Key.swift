internal import Domain
internal import Formats

/// What tells one problem from another when a sender names no key of PagerPal's.
extension LooseAlert {
    /// Ids of the problem itself. They stay the same from the first message to the recovery.
    static let ids = [
        "externalid", "dedupkey", "deduplicationkey", "incidentkey", "alertuid", "fingerprint", "alias", "alertid",
        "correlationid", "entityid", "problemid", "incidentid", "issueid", "checkid", "monitorid", "testid", "ticketid",
    ]
    /// Objects whose `id` is that of the problem or of what is watched. The id of an event or a result changes each time.
    private static let things = [
        "incident", "alert", "problem", "issue", "finding", "item", "check", "monitor", "site", "test",
    ]

    /// Whether the key is one that earlier versions read as well. They derived the others from the title.
    var namesKnownKey: Bool {
        json.text("external_id", "dedup_key", "incident_key", "alert_uid", "fingerprint", "alias", "alert_id") != nil
    }

    func key() -> String? { namedKey?.key }

    /// The id of the problem, and the name under which the sender says it.
    var namedKey: (name: String, key: String)? {
        if let field = fields.first(Self.ids, where: isIdentifier), let text = field.text { return (field.shown, text) }
        for thing in Self.things {
            let found = fields.all.first { $0.full == "id" && $0.parent == thing && isIdentifier($0) }
            if let found, let id = found.text { return (found.shown, "\(thing)/\(id)") }
        }
        // JSON:API names the thing beside its attributes.
        if let data = json["data"], data["attributes"]?.object != nil, let id = data.text("id") {
            return ("data.id", "\(data.text("type") ?? "data")/\(id)")
        }
        return nil
    }

    /// A short text or number. `false` and texts of a sentence's length identify nothing.
    private func isIdentifier(_ field: Fields.Field) -> Bool {
        switch field.value {
        case .string(let text): !text.allSatisfy(\.isWhitespace) && text.utf8.count <= 500
        case .number: true
        case .null, .bool, .array, .object: false
        }
    }

    /// The parts of a key that is derived: what is watched and where. The title is added to them unless it is a sentence,
    /// which may be worded differently in the recovery.
    func identity(_ title: Title?) -> Identity {
        var parts = Identity.parts(of: json["labels"]) + Identity.parts(of: json["tags"])
        for field in fields.all where isPartOfIdentity(field) {
            guard let text = field.text, text.utf8.count <= 200 else { continue }
            parts.append((field.path.joined(separator: "."), text))
        }
        let hasCheck = parts.contains {
            Identity.checks.contains(NameStyle.plain($0.name.split(separator: ".").last ?? ""))
        }
        var identity = Identity(parts, isComplete: hasCheck && title?.isStable == false)
        if identity.parts.isEmpty, let id = plainID { identity = Identity([("id", id)], isComplete: true) }
        return identity
    }

    private func isPartOfIdentity(_ field: Fields.Field) -> Bool {
        if field.full == "reason" { return field.depth == 0 && fields.all.contains { $0.full == "involvedobject" } }
        if field.depth == 0, Identity.isName(field.full) || Identity.isName(field.base) && field.base != "name" {
            return true
        }
        // The name of an object: `entity.metadata.name`, `object.name`, `source.host`.
        guard field.depth <= 2, ["name", "id", "namespace", "kind", "host", "hostname"].contains(field.full) else {
            return false
        }
        let around = field.path.dropLast().filter { $0 != "metadata" }
        guard let parent = around.last else { return false }
        return Identity.isName(parent) || parent == "involvedobject" || parent == "object" || parent == "subject"
    }

    /// An `id` at the top is the problem's only where the sender speaks of its state, and not one of many random ones.
    private var plainID: String? {
        guard let id = json.text("id"), id.utf8.count <= 100, StateReading(fields, title: "", now: now).isStated else {
            return nil
        }
        let isRandom = id.utf8.count >= 32 && id.allSatisfy { $0.isHexDigit || $0 == "-" }
        return isRandom ? nil : id
    }

    private static let hosts = [
        "host", "hostname", "instance", "node", "nodename", "server", "servername", "device", "devicename", "sysname",
        "machine",
        "vm", "resourcename", "pod",
    ]
    private static let hostObjects: Set<String> = [
        "host", "object", "entity", "involvedobject", "resource", "device", "node", "server", "machine", "monitor",
        "site", "check",
        "service",
    ]

    private var hostFields: [Fields.Field] {
        fields.all.filter { field in
            guard field.text != nil else { return false }
            if field.depth <= 1, Self.hosts.contains(field.full) { return field.parent != "source" }
            let around = field.path.dropLast().filter { $0 != "metadata" }
            return ["name", "hostname"].contains(field.full) && field.depth <= 2
                && Self.hostObjects.contains(around.last ?? "")
        }
    }

    /// The name of the host or object that a title should show but doesn't.
    func hostName(missingIn title: String) -> String? {
        let hosts = hostFields.compactMap(\.text)
        let lowered = title.lowercased()
        let isNamed = hosts.contains { host in
            let short = host.split(separator: ".").first ?? ""
            return lowered.contains(host.lowercased()) || short.count > 1 && lowered.contains(short.lowercased())
        }
        return isNamed ? nil : hosts.first.map { Clean.name($0) }
    }

    /// Hosts and checks that are no labels yet.
    var hostLabels: [(name: String, value: String)] {
        fields.all.filter { $0.depth == 0 && Identity.isName($0.full) }.prefix(10).compactMap { field in
            field.text.map { (name: field.full, value: $0) }
        }
    }
}
