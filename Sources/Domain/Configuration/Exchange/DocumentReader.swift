internal import Formats

/// Reads one configuration file. First it finds or makes the id of every entry, so that entries may refer to each other
/// in any order.
struct DocumentReader {
    let before: Configuration
    let document: JSON
    let context: DocumentContext
    /// The configuration with all changes so far.
    var after: Configuration
    /// The id of each thing by its reference in lower case.
    var ids: [ConfigurationSubject.Kind: [String: String]] = [:]
    var result = ConfigurationPlan()
    private(set) var faults: [FieldFault] = []

    private static let sections: [any Documented.Type] = [
        User.self, Team.self, TeamChannel.self, Schedule.self, EscalationPolicy.self, AlertSource.self, Heartbeat.self,
        MaintenanceWindow.self, MessageTemplate.self,
    ]

    init(before: Configuration, document: JSON, context: DocumentContext) {
        self.before = before
        self.document = document
        self.context = context
        after = before
    }

    mutating func plan(prunes: Bool) throws(DocumentFaults) -> ConfigurationPlan {
        checkSections()
        for type in DocumentReader.sections { findIDs(type) }
        try stop()
        for type in DocumentReader.sections { read(type) }
        readPeople(prunes: prunes)
        try stop()
        if prunes { for type in DocumentReader.sections.reversed() { prune(type) } }
        faults += before.faults(of: result.changes)
        try stop()
        return result
    }

    private func stop() throws(DocumentFaults) {
        guard faults.isEmpty else { throw DocumentFaults(faults: faults) }
    }

    mutating func fault(_ place: String, _ explanation: String) { faults.append(FieldFault(place, explanation)) }

    private mutating func checkSections() {
        guard let object = document.object else { return fault("", "A file has sections, such as teams.") }
        guard object["version"]?.integer == Configuration.documentVersion else {
            return fault("version", "Write version: \(Configuration.documentVersion).")
        }
        let known = DocumentReader.sections.map { $0.section }
        for member in object.members where member.name != "version" {
            if !known.contains(member.name) {
                fault(member.name, "There is no such section; known are \(known.joined(separator: ", ")).")
            } else if member.value.array == nil {
                fault(member.name, "A list was expected, not \(member.value.kind).")
            }
        }
    }

    func entries(_ section: String) -> [(place: String, json: JSON)] {
        (document[section]?.array ?? []).enumerated().map { ("\(section)[\($0)]", $1) }
    }

    private mutating func findIDs<Value: Documented>(_ type: Value.Type) {
        let kind = Value.definition.kind
        for value in before[keyPath: Value.definition.values].values {
            ids[kind, default: [:]][value.reference(before).lowercased()] = value.id.description
        }
        var seen: Set<String> = []
        for (place, json) in entries(Value.section) {
            guard let reference = Value.reference(json)?.lowercased() else {
                fault(place, "It needs \(Value.identity).")
                continue
            }
            if !seen.insert(reference).inserted { fault(place, "“\(reference)” is there twice.") }
            if ids[kind]?[reference] == nil {
                ids[kind, default: [:]][reference] = context.identifiers.next(Value.self).rawValue
            }
        }
    }

    /// The id of what an entry defines.
    func id<Value: Documented>(of json: JSON, _ type: Value.Type) -> Value.ID? {
        let reference = Value.reference(json)?.lowercased()
        return reference.flatMap { ids[Value.definition.kind]?[$0] }.flatMap { Value.ID(json: .string($0)) }
    }

    /// The id of what a text refers to. Within a team, the team's own things come first.
    func resolved(_ text: String, _ kinds: [ConfigurationSubject.Kind], in owner: String?) -> String? {
        let text = text.lowercased()
        for kind in kinds {
            guard let known = ids[kind] else { continue }
            if let owner, let id = known["\(owner.lowercased())/\(text)"] { return id }
            if let id = known[text] { return id }
            let others = known.filter { $0.key.hasSuffix("/\(text)") }
            if others.count == 1 { return others.first?.value }
        }
        return nil
    }

    private mutating func read<Value: Documented>(_ type: Value.Type) {
        for (place, json) in entries(Value.section) {
            guard let id = id(of: json, Value.self) else { continue }
            let old = before[keyPath: Value.definition.values][id]
            var value = old ?? Value.blank(id, context)
            var members = json
            let extras = takeExtras(&members, isNew: old == nil, place)
            let owner = (Value.definition.team == nil ? json["name"] : json["team"])?.text
            members = Reference.replacing(in: members, .fromFile) { kinds, value in
                value.text.flatMap { resolved($0, kinds, in: owner) }.map { .string($0) } ?? value
            }
            do throws(ConfigurationFault) {
                let fieldContext = FieldContext(before, isNew: old == nil, sources: context.sources)
                try Value.definition.read(members, into: &value, fieldContext)
            } catch {
                note(error, place)
                continue
            }
            finish(&value, extras, isNew: old == nil, place)
            save(value, old)
        }
    }

    mutating func note(_ error: ConfigurationFault, _ place: String) {
        guard case .invalid(let found) = error else { return fault(place, error.description) }
        for one in found { fault("\(place).\(one.field)", one.explanation) }
    }

    private mutating func save<Value: Documented>(_ value: Value, _ old: Value?) {
        guard value != old else { return }
        after = after.applying([.save(value)])
        result.changes.append(.save(value))
        let now = Value.definition.members(of: value, after)
        let was = old.map { Value.definition.members(of: $0, before) }
        let names = now.members.map(\.name) + (was?.members.map(\.name) ?? []).filter { now[$0] == nil }
        var changed = was == nil ? [] : names.filter { now[$0] != was?[$0] }
        if let schedule = value as? Schedule, let old = old as? Schedule, schedule.overrides != old.overrides {
            changed.append("overrides")
        }
        result.lines.append(
            .init(
                action: old == nil ? .create : .change, subject: "\(Value.definition.noun) \(value.reference(after))",
                members: changed))
    }

    private mutating func prune<Value: Documented>(_ type: Value.Type) {
        guard document[Value.section] != nil else { return }
        let kept = Set(entries(Value.section).compactMap { id(of: $0.json, Value.self) })
        let values = before[keyPath: Value.definition.values].values.filter { !kept.contains($0.id) }
        for value in values.sorted(by: { $0.id < $1.id }) {
            do throws(ConfigurationFault) {
                let changes = try Value.definition.deletion(value, after)
                after = after.applying(changes)
                result.changes += changes
                result.lines.append(
                    .init(
                        action: .delete, subject: "\(Value.definition.noun) \(value.reference(before))", members: []))
            } catch {
                fault("\(Value.definition.noun) \(value.reference(before))", error.description)
            }
        }
    }
}
