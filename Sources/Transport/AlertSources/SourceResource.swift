internal import Actors
internal import Domain
internal import Formats
internal import Integrations

/// /api/v1/alert-sources. A new key is shown once. Only its hash is stored.
struct SourceResource: ConfigurableResource {
    let keys: KeyGenerator
    /// A newly created key, to be shown once.
    var freshKey: String?

    func blank(_ id: SourceID, _ caller: Caller, _ configuration: Configuration) -> AlertSource {
        AlertSource(id: id, name: "", teamID: "")
    }

    func prepared(_ source: inout AlertSource) -> SourceResource {
        let key = keys.key()
        source.setKey(key)
        return SourceResource(keys: keys, freshKey: key)
    }

    /// The URL for alerts and the setup steps for the monitoring system. The steps show a new key or a placeholder.
    func details(
        of source: AlertSource, to caller: Caller, _ configuration: Configuration, _ services: Services
    ) -> [(name: String, value: JSON)] {
        let steps = services.setup(of: source, key: freshKey).map { step in
            JSON.members([("text", .string(step.text)), ("code", step.code.map { .string($0) } ?? .null)])
        }
        let sender = Integrations.all.first { $0.kind == source.kind }
        return [
            ("dedup_key_rule", sender.map { .string($0.fields.keySentence) } ?? .null),
            ("masked_api_key", .string(source.maskedKey)),
            ("url", .string(services.address(of: source))), ("setup", .array(steps)),
            ("key", freshKey.map { .string($0) } ?? .null),
        ]
    }
}
