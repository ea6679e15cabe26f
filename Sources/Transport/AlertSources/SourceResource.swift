internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations

/// /api/v1/alert-sources. The key is shown once, when it is made; only its hash is kept.
struct SourceResource: Resource {
    static let path = "alert-sources"
    static let noun = "alert source"
    static let door = Access.needsTeam

    /// One thing to do in the sending system.
    struct Step: Encodable {
        let text: String
        /// What to paste there.
        let code: String?
    }

    struct Answer: Encodable {
        let id, name, teamId, kind: String
        let policyId: String?
        let defaultSeverity: String
        let isEnabled: Bool
        let reopenWindowSeconds: Int64
        let autoResolveSeconds: Int64?
        /// As they are stored, without secrets.
        let options: [String: String]
        let maskedApiKey: String
        let url: String
        /// With the key where it is shown, else with a placeholder for it.
        let setup: [Step]
        /// Only right after it was made.
        let key: String?
    }

    let keys: KeyGenerator
    /// A key that was just made, to be shown once.
    var freshKey: String?

    func all(_ configuration: Configuration, _ query: Query) throws -> [AlertSource] {
        let team = configuration.team(in: query)
        return configuration.sources.values.filter { team == nil || $0.teamID == team }
    }

    func blank(_ id: SourceID, _ caller: Caller, _ configuration: Configuration) -> AlertSource {
        AlertSource(id: id, name: "", teamID: "")
    }

    func prepared(_ source: inout AlertSource) -> SourceResource {
        let key = keys.key()
        source.setKey(key)
        return SourceResource(keys: keys, freshKey: key)
    }

    func read(_ reader: inout FieldReader, into source: inout AlertSource, isNew: Bool, _ configuration: Configuration)
        throws
    {
        reader.read("name", into: &source.name)
        reader.team(into: &source.teamID, configuration)
        reader.read("kind", into: &source.kind)
        if Integrations.integration(for: source.kind) == nil {
            let kinds = Integrations.all.map { $0.kind }.joined(separator: ", ")
            reader.fault("kind", "The kind “\(source.kind.prefix(50))” is not known. Write one of \(kinds).")
        }
        reader.read("policy_id", into: &source.policyID)
        reader.read("default_severity", into: &source.defaultSeverity)
        reader.read("is_enabled", into: &source.isEnabled)
        reader.read("reopen_window_seconds", into: &source.reopenWindow)
        reader.read("auto_resolve_seconds", into: &source.autoResolveAfter)
        readOptions(&reader, into: &source)
        reader.ignore("id", "masked_api_key", "key", "url", "setup")
        if isNew { reader.require("name") }
    }

    private func readOptions(_ reader: inout FieldReader, into source: inout AlertSource) {
        guard let value = reader.raw("options") else { return }
        guard case .object(var object) = value else { return reader.fault("options", "An object was expected.") }
        // A secret that comes back as it is shown stays what it was.
        if object["secret"]?.text == Secret.shown, let old = (try? JSONParser.parse(source.options))?["secret"] {
            object["secret"] = old
        }
        let text = JSON.object(object).description
        do {
            _ = try SourceOptions(json: text)
            source.options = text
        } catch {
            switch error {
            case .malformed(let explanation), .unauthentic(let explanation): reader.fault("options", explanation)
            case .unprocessable(let faults):
                for fault in faults { reader.fault("options.\(fault.field)", fault.explanation) }
            }
        }
    }

    func permissions(from old: AlertSource?, to new: AlertSource?, _ configuration: Configuration) -> [Permission] {
        [old, new].compactMap { $0.map { .configure($0.teamID) } }
    }

    func saving(_ source: AlertSource, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        [.saveSource(source)]
    }

    func deleting(_ source: AlertSource, _ configuration: Configuration) throws(ConfigurationFault)
        -> [ConfigurationChange]
    {
        [.deleteSource(source.id)]
    }

    func answer(_ source: AlertSource, _ configuration: Configuration, _ services: Services) -> Answer {
        let options = (try? JSONParser.parse(source.options))?.object?.members ?? []
        return Answer(
            id: source.id.rawValue, name: source.name, teamId: source.teamID.rawValue, kind: source.kind,
            policyId: source.policyID?.rawValue, defaultSeverity: source.defaultSeverity.rawValue,
            isEnabled: source.isEnabled, reopenWindowSeconds: source.reopenWindow.components.seconds,
            autoResolveSeconds: source.autoResolveAfter?.components.seconds,
            options: Dictionary(options.map { ($0.name, $0.name == "secret" ? Secret.shown : $0.value.rendered) }) {
                $1
            },
            maskedApiKey: source.keyHint + "••••••••",
            url: "\(services.settings.baseURL)/api/v1/alerts\(source.kind == "generic" ? "" : "/\(source.kind)")",
            setup: services.setup(of: source, key: freshKey).map { Step(text: $0.text, code: $0.code) }, key: freshKey)
    }
}
