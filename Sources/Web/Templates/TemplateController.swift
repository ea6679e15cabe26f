internal import Actors
internal import Domain
internal import Hummingbird
internal import Transport

/// /message-templates: the operator's own words for messages, and their editor. For administrators.
struct TemplateController: Sendable {
    let services: Services

    func add(to routes: RouteTable) {
        let path = "/message-templates"
        routes.page(.get, path, .needs(.administer)) { request in
            request.show(TemplateListView(groups: MessageTemplate.Use.allCases.map { request.group($0) }))
        }
        routes.page(.get, "\(path)/new", .needs(.administer)) { request in
            let use = MessageTemplate.Use(rawValue: request.query("use")) ?? .text
            return request.show(request.editor(of: nil, request.newTemplate(use)))
        }
        routes.page(.post, path, .needs(.administer)) { try await save($0, nil) }
        routes.page(.get, "\(path)/{id}", .needs(.administer)) { request in
            let template: MessageTemplate = try request.find()
            return request.show(request.editor(of: template.id, FormInput(stored: template)))
        }
        routes.page(.post, "\(path)/{id}", .needs(.administer)) { try await save($0, $0.find()) }
        routes.page(.post, "\(path)/{id}/delete", .needs(.administer)) { request in
            let template: MessageTemplate = try request.find()
            return try await request.delete(
                from: "/message-templates/\(template.id)", to: "/message-templates",
                saying: "\(template.name): PagerPal’s own words again."
            ) { try MessageTemplate.definition.deletion(template, $0) }
        }
    }

    /// Saves the template, or shows the editor again with a preview or with faults.
    private func save(_ request: WebRequest, _ old: MessageTemplate?) async throws -> Response {
        let draft = old ?? MessageTemplate(id: services.configurator.identifiers.next(), use: .text, text: "")
        let isNew = old == nil
        if request.form["do"] == "preview" {
            let faults = request.faults(of: draft, isNew: isNew)
            let page = request.editor(of: old?.id, request.form.with(faults))
            return faults.isEmpty ? request.show(page) : request.refuse(page)
        }
        let (template, faults) = try await request.save(typed: draft, isNew: isNew)
        guard faults.isEmpty else {
            return request.refuse(request.editor(of: old?.id, request.form.with(faults)))
        }
        return request.go(to: "/message-templates", saying: "\(template.name): the next messages have your words.")
    }
}

extension WebRequest {
    fileprivate func templates(_ use: MessageTemplate.Use) -> [MessageTemplate] {
        let order = MessageTemplate.Language.allCases
        return configuration.messageTemplates.values.filter { $0.use == use }.sorted {
            (order.firstIndex(of: $0.language) ?? 0) < (order.firstIndex(of: $1.language) ?? 0)
        }
    }

    /// The languages in which a use has no template yet.
    private func freeLanguages(_ use: MessageTemplate.Use) -> [MessageTemplate.Language] {
        let taken = templates(use).map(\.language)
        return MessageTemplate.Language.allCases.filter { !taken.contains($0) }
    }

    fileprivate func group(_ use: MessageTemplate.Use) -> TemplateListView.Group {
        let own = templates(use)
        return .init(
            use: use,
            rows: own.map {
                .init(
                    path: "/message-templates/\($0.id)", language: $0.language.name.capitalizedFirst, text: $0.text)
            },
            others: own.contains { $0.language == .all } ? nil : own.isEmpty ? "Everybody" : "Other languages",
            mayCreate: !freeLanguages(use).isEmpty)
    }

    /// PagerPal's own words, to begin with.
    fileprivate func newTemplate(_ use: MessageTemplate.Use) -> FormInput {
        let language = freeLanguages(use).first ?? .all
        return FormInput([
            "use": use.rawValue, "language": language.rawValue, "text": use.usualText(in: language),
        ])
    }

    /// The faults of the typed draft, as if it were saved.
    fileprivate func faults(of old: MessageTemplate, isNew: Bool) -> [FieldFault] {
        let (draft, unreadable) = read(old, isNew: isNew, configuration)
        let found = configuration.faults(of: [.save(draft)]).map { $0.named(for: MessageTemplate.definition) }
        return unreadable + found.filter { fault in !unreadable.contains { $0.field == fault.field } }
    }

    fileprivate func editor(of id: MessageTemplateID?, _ input: FormInput) -> TemplateEditView {
        let stored = id.flatMap { configuration.messageTemplates[$0] }
        let use = stored?.use ?? MessageTemplate.Use(rawValue: input["use"]) ?? .text
        let language = stored?.language ?? MessageTemplate.Language(rawValue: input["language"]) ?? .all
        let text = input["text"].trimmingBlanks()
        let draft = MessageTemplate(id: id ?? "draft", use: use, language: language, text: text)
        let isUsable = MessageTemplate.fault(in: text, for: use) == nil
        return TemplateEditView(
            .init(
                id: id, use: use, language: language.name,
                languages: stored == nil
                    ? freeLanguages(use).map { .init($0.rawValue, $0.name.capitalizedFirst) } : [],
                input: input, preview: isUsable ? samples(of: draft) : nil))
    }

    private func samples(of draft: MessageTemplate) -> TemplateSamples {
        let preview = services.messageWriter.preview(of: draft, for: user, at: now)
        return TemplateSamples(
            samples: preview.samples.map { sample in
                .init(
                    channel: sample.channel == .ntfy ? "Push message or chat" : sample.channel.name.capitalizedFirst,
                    text: sample.text, usual: sample.usual, length: sample.measure.map(words),
                    warning: sample.measure.flatMap(warning))
            }, missingLabels: preview.missingLabels)
    }

    /// `96 of 160 characters of GSM 7-bit: 1 SMS`.
    private func words(for measure: TextMeasure) -> String {
        let parts = measure.parts == 1 ? "1 SMS" : "\(measure.parts) parts, each of which costs as much as an SMS"
        return "\(measure.length) of \(measure.room) characters of \(measure.encoding): \(parts)."
    }

    private func warning(about measure: TextMeasure) -> String? {
        guard !measure.strays.isEmpty else { return nil }
        let letters = measure.strays.prefix(20).map { String($0) }.joined(separator: " ")
        return "Outside of GSM 7-bit: \(letters). Such letters leave room for 70 characters in an SMS instead of 160."
    }
}
