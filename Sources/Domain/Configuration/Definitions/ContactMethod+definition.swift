internal import Formats

extension ContactMethod: Configurable {
    package static let definition = ConfigurableDefinition<ContactMethod>(
        .contactMethod, noun: "contact method", path: "contact-methods", values: \.contactMethods,
        permissions: { old, new in [old, new].compactMap { $0.map { .edit($0.userID) } } },
        fields: [
            ownerField, addressField, labelField, .body(\.body) { $0.channel }, .plain("is_enabled", \.isEnabled),
            verifiedField,
        ])

    /// The owner is set at creation and never changes.
    private static let ownerField = ConfigurableField<ContactMethod>(
        [FieldPart("user_id")],
        read: { reader, method, context in
            if context.isNew { reader.read("user_id", into: &method.userID) } else { reader.ignore(["user_id"]) }
        },
        show: { method, _ in [("user_id", method.userID.json)] },
        check: { method, check in
            check.person(method.userID, "user_id")
        })

    /// The channel and the address are read together. A new address must be verified again.
    private static let addressField = ConfigurableField<ContactMethod>(
        [FieldPart("channel", isRequired: true), FieldPart("address", isRequired: true)],
        read: { reader, method, context in
            let before = method
            reader.read("channel", into: &method.channel)
            reader.read("address", into: &method.address)
            let owner = context.configuration.users[method.userID]
            let read = method.channel.definition.address.read(method.address, of: owner, context.numbers)
            method.address = read.address
            if let fault = read.fault { reader.fault("address", fault) }
            if method.address != before.address || method.channel != before.channel { method.verifiedAt = nil }
        },
        show: { method, _ in [("channel", method.channel.json), ("address", .string(method.address))] },
        check: { method, check in
            if let fault = method.channel.definition.address.fault(in: method.address) {
                check.fault("address", fault)
            }
            let others = check.after.contactMethods(of: method.userID).filter { $0.id != method.id }
            check.expect(
                !others.contains { $0.channel == method.channel && isSameName($0.address, method.address) }, "address",
                "This person has this \(method.channel.name) address already.")
            check.expect(
                others.count < ConfigurationLimits.contactMethods, "user_id",
                "A person has at most \(ConfigurationLimits.contactMethods) contact methods.")
        })

    private static let labelField = ConfigurableField<ContactMethod>.plain("label", \.label) { method, check in
        check.expect(
            method.label.count <= ConfigurationLimits.name, "label",
            "Write at most \(ConfigurationLimits.name) characters.")
    }

    private static let verifiedField = ConfigurableField<ContactMethod>(
        [], read: { reader, _, _ in reader.ignore(["verified_at", "last_delivery"]) },
        show: { method, _ in [("verified_at", method.verifiedAt?.json ?? .null)] })
}
