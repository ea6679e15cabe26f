package import Domain
internal import Formats

/// An alert source's settings that depend on its kind. They are stored as JSON with the source.
package struct SourceOptions: Sendable, Hashable {
    /// The sender's signing secret. If there is one, signatures are checked.
    package var secret: Secret?
    /// The title for alerts without one.
    package var title: String?
    /// The label by which the source's alerts are grouped into one incident.
    package var groupBy: String?
    /// SNS: the only topics that may send. Empty allows any, until the first confirmation pins one.
    package var topics: [String]
    /// SNS: whether to refuse raw deliveries, which are not signed.
    package var requiresSignature: Bool
    /// Grafana: the header with the signed time, if it is not the default one.
    package var timestampHeader: String?
    /// Whether every alert that was stored is answered with 200, for senders that take nothing else for a success.
    package var answersOK: Bool
    /// Whether a payload that can't be understood opens an incident. Nil for the default of the kind.
    package var reportsUnknown: Bool?
    /// Where a mapping source finds the parts of an alert.
    package var mapping: Mapping?

    package init(
        secret: Secret? = nil, title: String? = nil, groupBy: String? = nil, topics: [String] = [],
        requiresSignature: Bool = false, timestampHeader: String? = nil, answersOK: Bool = false,
        reportsUnknown: Bool? = nil, mapping: Mapping? = nil
    ) {
        self.secret = secret
        self.title = title
        self.groupBy = groupBy
        self.topics = topics
        self.requiresSignature = requiresSignature
        self.timestampHeader = timestampHeader
        self.answersOK = answersOK
        self.reportsUnknown = reportsUnknown
        self.mapping = mapping
    }

    /// Reads the stored JSON.
    ///
    /// - Throws: all faults at once. An unknown key is a fault, so that a typo does not go unnoticed.
    package init(json text: String) throws(PayloadError) {
        let json: JSON
        do {
            json = try JSONParser.parse(text)
        } catch {
            throw .malformed("\(error).")
        }
        guard json.object != nil else { throw .malformed("Options must be a JSON object, not \(json.kind).") }
        var reader = OptionsReader(json)
        self.init(
            secret: reader.text("secret").map { Secret($0) }, title: reader.text("title"),
            groupBy: reader.text("group_by"), topics: reader.texts("topics"),
            requiresSignature: reader.flag("require_signature"),
            timestampHeader: reader.text("timestamp_header")?.lowercased(), answersOK: reader.flag("always_200"),
            reportsUnknown: json["report_unknown"] == nil
                ? reader.unset("report_unknown") : reader.flag("report_unknown"),
            mapping: reader.mapping())
        let faults = reader.finish()
        guard faults.isEmpty else { throw .unprocessable(faults) }
    }
}

/// Reads known members from an options object, and adds a fault for each invalid or unknown one.
struct OptionsReader {
    private let json: JSON
    private let path: String
    private var known: Set<String> = []
    private var faults: [FieldFault] = []

    init(_ json: JSON, at path: String = "") {
        self.json = json
        self.path = path
    }

    mutating func text(_ name: String) -> String? {
        known.insert(name)
        guard let value = json[name] else { return nil }
        guard case .string(let text) = value else {
            fault(name, "A text was expected, not \(value.kind).")
            return nil
        }
        return text.isEmpty ? nil : text
    }

    mutating func flag(_ name: String) -> Bool {
        known.insert(name)
        guard let value = json[name] else { return false }
        guard case .bool(let flag) = value else {
            fault(name, "Write true or false.")
            return false
        }
        return flag
    }

    /// Nil, for an option that is known and not set.
    mutating func unset(_ name: String) -> Bool? {
        known.insert(name)
        return nil
    }

    mutating func texts(_ name: String) -> [String] {
        known.insert(name)
        guard let value = json[name] else { return [] }
        guard let values = value.array, values.count <= 100 else {
            fault(name, "A list of at most 100 texts was expected.")
            return []
        }
        let texts = values.compactMap { if case .string(let text) = $0 { text } else { nil } }
        if texts.count < values.count { fault(name, "This list may contain only texts.") }
        return texts
    }

    /// `{"2": "critical", "gold": "warning"}`
    mutating func severities(_ name: String) -> [String: Severity] {
        known.insert(name)
        guard let value = json[name] else { return [:] }
        guard let members = value.object?.members, members.count <= 100 else {
            fault(name, "An object of at most 100 values with their severities was expected.")
            return [:]
        }
        var severities: [String: Severity] = [:]
        for member in members {
            if let severity = member.value.text.flatMap({ Severity(word: $0) }) {
                severities[member.name.trimmingBlanks().lowercased()] = severity
            } else {
                fault("\(name).\(member.name)", "Write critical, error, warning or info.")
            }
        }
        return severities
    }

    mutating func mapping() -> Mapping? {
        known.insert("mapping")
        guard let value = json["mapping"] else { return nil }
        guard value.object != nil else {
            fault("mapping", "An object was expected, not \(value.kind).")
            return nil
        }
        var reader = OptionsReader(value, at: "mapping.")
        let mapping = Mapping(&reader)
        faults += reader.finish()
        return mapping
    }

    mutating func fault(_ name: String, _ explanation: String) {
        faults.append(FieldFault(path + name, explanation))
    }

    /// Returns all faults, including one for each unknown member.
    mutating func finish() -> [FieldFault] {
        for member in json.object?.members ?? [] where !known.contains(member.name) {
            fault(member.name, "There is no such option; known are \(known.sorted().joined(separator: ", ")).")
        }
        return faults
    }
}
