package import Actors
internal import Domain
internal import Formats
internal import Hummingbird
internal import Integrations

/// POST /api/v1/message-templates/preview: what messages would say with a template, which is not stored.
struct MessageTemplateRoutes: Sendable {
    package let services: Services

    package func add(to routes: RouteTable) {
        routes.on(.post, "/api/v1/message-templates/preview", .needs(.administer)) { request, context in
            try await preview(request, to: try context.signedIn)
        }
    }

    private func preview(_ request: Request, to caller: Caller) async throws -> Response {
        var template = MessageTemplate(id: "preview", use: .text, text: "")
        let context = FieldContext(services.configuration.current, isNew: true, sources: Integrations.rules)
        try MessageTemplate.definition.read(try await objectBody(of: request), into: &template, context)
        // Beside the others it may not be stored, but it can be read.
        let faults = Configuration().faults(of: [.save(template)])
        guard faults.isEmpty else { throw ConfigurationFault.invalid(faults) }
        let preview = services.messageWriter.preview(of: template, for: caller.user, at: services.time.now())
        return .json(
            .members([
                ("use", template.use.json), ("language", template.language.json),
                ("messages", .array(preview.samples.map(\.json))),
                ("missing_labels", .array(preview.missingLabels.map(\.json))),
            ]))
    }
}

extension TemplatePreview.Sample {
    fileprivate var json: JSON {
        .members([
            ("channel", channel.json), ("text", text.json), ("usual_text", usual.json),
            ("characters", measure?.length.json ?? .null), ("encoding", measure?.encoding.json ?? .null),
            ("parts", measure?.parts.json ?? .null),
            ("letters_outside_gsm", measure.map { .array($0.strays.map { String($0).json }) } ?? .null),
        ])
    }
}

extension Services {
    /// Writes posts as the channel poster does.
    package var postComposer: PostComposer {
        PostComposer(incidentLink: { [base = settings.baseURL] in "\(base)/incidents/\($0)" })
    }

    /// Writes messages as the dispatcher does.
    package var messageWriter: MessageWriter {
        MessageWriter(
            acknowledgementLink: { [links] in links.address(ofMessage: $0) },
            incidentLink: { [base = settings.baseURL] in "\(base)/incidents/\($0)" })
    }
}
