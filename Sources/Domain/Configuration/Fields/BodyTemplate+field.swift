internal import Formats

extension ConfigurableField {
    /// The body of a webhook's requests. Other channels have none.
    ///
    /// - Parameter channel: the value's channel.
    static func body(
        _ path: Path<BodyTemplate>, channel: @escaping @Sendable (Value) -> Channel
    ) -> ConfigurableField {
        ConfigurableField(
            [
                FieldPart(
                    "body", schema: .schema(String.schema, orNull: true),
                    FieldControl(
                        "body", "Body",
                        hint: "What the receiver wants, with placeholders in braces. Empty: PagerPal’s JSON.",
                        .lines(maximum: BodyTemplate.Limits.text))),
                FieldPart(
                    "content_type", schema: .schema(String.schema, orNull: true),
                    FieldControl(
                        "content_type", "Content type",
                        hint: "Like text/plain; charset=utf-8. Empty: application/json.",
                        .text(maximum: BodyTemplate.Limits.contentType))),
            ],
            read: { reader, value, _ in
                var text: String? = value[keyPath: path].text
                var type: String? = value[keyPath: path].contentType
                reader.read("body", into: &text)
                reader.read("content_type", into: &type)
                let isBlank = (text ?? "").trimmingBlanks().isEmpty
                value[keyPath: path] = BodyTemplate(
                    text: isBlank ? "" : text ?? "", contentType: (type ?? "").trimmingBlanks())
            },
            show: { value, _ in
                let body = value[keyPath: path]
                return [
                    ("body", body.text.isEmpty ? .null : .string(body.text)),
                    ("content_type", body.contentType.isEmpty ? .null : .string(body.contentType)),
                ]
            },
            typed: { ["body": [$0[keyPath: path].text], "content_type": [$0[keyPath: path].contentType]] },
            check: { value, check in
                let body = value[keyPath: path]
                guard channel(value) == .webhook || body == BodyTemplate() else {
                    return check.fault("body", "Only a webhook has a body of its own. Remove it.")
                }
                if let fault = body.fault { check.fault(fault.field, fault.explanation) }
            })
    }
}
