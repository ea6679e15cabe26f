internal import Formats

extension AlertSource: Configurable {
    package static let definition = ConfigurableDefinition<AlertSource>(
        .alertSource, noun: "alert source", path: "alert-sources", values: \.sources, team: { $0.teamID },
        fields: [
            .name(\.name, hint: "Like the monitoring system's.", isUnique: true),
            kindField,
            .team(\.teamID, hint: "Whose incidents it opens."),
            .policy(
                "policy_id", \.policyID, of: \.teamID,
                FieldControl("policy", "Escalation policy", .policy(none: "the team's default"))),
            .plain(
                "default_severity", \.defaultSeverity,
                FieldControl("severity", "Default severity", .severity)),
            .plain("is_enabled", \.isEnabled),
            reopenField,
            autoResolveField,
            .optional(
                "hold_off", \.holdOff,
                FieldControl(
                    "hold_off", "Page only if it still fires after",
                    hint: "Like warning 5 min, info 1 h. Empty: as the policy says.", .optionalText(maximum: 100)),
                typedAs: .holdOff,
                check: { source, check in check.holdOff(source.holdOff) }),
            optionsField,
            .shown("masked_api_key", "key", "url", "setup", "dedup_key_rule"),
        ])

    private static let kindField = ConfigurableField<AlertSource>(
        [FieldPart("kind", FieldControl("kind", "What sends", isFirst: true, .sourceKind))],
        read: { reader, source, context in
            let before = source.kind
            reader.read("kind", into: &source.kind)
            if !context.sources.kinds.contains(where: { $0.value == source.kind }) {
                let kinds = context.sources.kinds.map(\.value).joined(separator: ", ")
                reader.fault("kind", "The kind “\(source.kind.prefix(50))” is not known. Write one of \(kinds).")
            }
            guard context.isNew || source.kind != before, var options = source.storedOptions else { return }
            if !context.isNew { for name in context.sources.protections(before) { options[name] = nil } }
            for name in context.sources.protections(source.kind) where options[name] == nil {
                options[name] = .bool(true)
            }
            source.options = JSON.object(options).description
        },
        show: { source, _ in [("kind", .string(source.kind))] }, typed: { ["kind": [$0.kind]] })

    private static let reopenField = ConfigurableField<AlertSource>.plain(
        "reopen_window_seconds", \.reopenWindow,
        FieldControl(
            "reopen", "Reopen within minutes",
            hint: "A resolved incident's new alert within this time reopens it. 0: always a new incident.",
            .minutes(0...(30 * 24 * 60), isOptional: false)),
        typedAs: .minutes,
        check: { source, check in
            check.expect(
                source.reopenWindow >= .zero && source.reopenWindow <= .days(30), "reopen_window_seconds",
                "Reopen within 0 seconds to 30 days.")
        })

    private static let autoResolveField = ConfigurableField<AlertSource>.optional(
        "auto_resolve_seconds", \.autoResolveAfter,
        FieldControl(
            "silence", "Resolve after minutes of silence", hint: "Empty: never, the sender tells when it is over.",
            .minutes(1...(365 * 24 * 60), isOptional: true)),
        typedAs: .minutes,
        check: { source, check in
            guard let silence = source.autoResolveAfter else { return }
            check.expect(
                silence >= .minutes(1) && silence <= .days(365), "auto_resolve_seconds",
                "Resolve after 1 minute to 365 days of silence, or leave it out.")
        })

    /// The integration's settings. A secret that is sent back masked keeps its stored value. So does a protection
    /// that is left out: nobody takes one away without naming it.
    private static let optionsField = ConfigurableField<AlertSource>(
        [FieldPart("options", schema: .schema("object"))],
        read: { reader, source, context in
            guard let value = reader.raw("options") else { return }
            guard case .object(var object) = value else { return reader.fault("options", "An object was expected.") }
            let stored = source.storedOptions
            if object["secret"]?.text == Secret.shown, let old = stored?["secret"] { object["secret"] = old }
            for name in context.sources.protections(source.kind) where object[name] == nil {
                object[name] = stored?[name]
            }
            let text = JSON.object(object).description
            let faults = context.sources.optionFaults(text)
            for fault in faults {
                reader.fault(fault.field.isEmpty ? "options" : "options.\(fault.field)", fault.explanation)
            }
            if faults.isEmpty { source.options = text }
        },
        show: { source, _ in
            var shown = JSONObject()
            for option in source.storedOptions?.members ?? [] {
                shown[option.name] = .string(option.name == "secret" ? Secret.shown : option.value.rendered)
            }
            return [("options", .object(shown))]
        })
}

extension AlertSource {
    /// The options as an object. Nil if they can't be read.
    fileprivate var storedOptions: JSONObject? { (try? JSONParser.parse(options))?.object }
}
