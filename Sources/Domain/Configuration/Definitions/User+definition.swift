internal import Formats

extension User: Configurable {
    package static let definition = ConfigurableDefinition<User>(
        .user, noun: "user", path: "users", values: \.users,
        // People may edit their own profile. Only administrators may change roles or disable users.
        permissions: { old, new in
            guard let old, let new, old.role == new.role, old.isEnabled == new.isEnabled, old.isService == new.isService
            else { return [.administer] }
            return [.edit(old.id)]
        },
        deletion: { (user, configuration) throws(ConfigurationFault) in try configuration.deletion(of: user.id) },
        fields: [
            .name(\.name),
            serviceField,
            emailField,
            .plain("role", \.role, FieldControl("role", "Role", .role)),
            .plain(
                "time_zone", \.timeZone,
                FieldControl(
                    "time_zone", "Time zone", hint: "A name like Europe/Zagreb, in which the person reads times.",
                    isRequired: true, .text(maximum: 100)),
                check: { user, check in check.timeZone(user.timeZone) }),
            .plain(
                "locale", \.locale,
                FieldControl(
                    "locale", "Language", hint: "A tag like en or hr-HR.", isRequired: true, .text(maximum: 35)),
                check: { user, check in check.locale(user.locale) }),
            .plain("clock", \.clock),
            .plain("is_enabled", \.isEnabled) { user, check in
                let wasLast = check.before.administrators == [user.id]
                check.expect(
                    !wasLast || (user.role == .admin && user.isEnabled), user.role == .admin ? "is_enabled" : "role",
                    "This is the last administrator. Make somebody else one first.")
            },
            quietHoursField,
            .plain("notify_hand_off", \.tellsHandOff),
            .plain("notify_shift_ahead", \.tellsShiftAhead),
            .plain("stand_down", \.standDown),
            .plain("drills_weekly", \.drillsWeekly),
            .optional("hourly_budget", \.hourlyBudget) { user, check in
                check.expect(
                    user.hourlyBudget.map { MessageBudget.range.contains($0) } ?? true, "hourly_budget",
                    "Write \(MessageBudget.range.lowerBound) to \(MessageBudget.range.upperBound), or leave it out.")
            },
            teamsField,
        ])

    /// Set at creation, and shown only where it is true.
    private static let serviceField = ConfigurableField<User>(
        [FieldPart("is_service", schema: Bool.schema)],
        read: { reader, user, _ in reader.read("is_service", into: &user.isService) },
        show: { user, _ in [("is_service", user.isService ? .bool(true) : .null)] },
        check: { user, check in
            check.expect(
                check.before.users[user.id].map { $0.isService == user.isService } ?? true, "is_service",
                "A person stays a person, and a service account one. Create another one.")
        })

    /// A service account needs no address. It gets one that leads nowhere (RFC 2606).
    private static let emailField = ConfigurableField<User>(
        [
            FieldPart(
                "email", schema: String.schema, FieldControl("email", "E-mail", isRequired: true, .email))
        ],
        read: { reader, user, context in
            reader.read("email", into: &user.email)
            if user.isService, user.email.isEmpty {
                user.email = "\(user.id)@service.invalid"
            } else if context.isNew, !user.isService {
                reader.require("email")
            }
        },
        show: { user, _ in [("email", user.email.json)] }, typed: { ["email": [$0.email]] },
        check: { user, check in
            if let fault = ChannelDefinition.email.address.fault(in: user.email) { check.fault("email", fault) }
            check.unique(
                check.after.users.values.contains { $0.id != user.id && isSameName($0.email, user.email) }, user.email,
                "email")
        })

    private static let quietHoursField = ConfigurableField<User>(
        [FieldPart("quiet_hours")],
        read: { reader, user, _ in
            reader.read("quiet_hours", into: &user.quietHours) { reader in
                let (from, to) = reader.hours()
                return QuietHours(from: from.minute, to: to.minute)
            }
        },
        show: { user, _ in
            let hours = user.quietHours.map { quiet in
                JSON.members([("from", quiet.from.json), ("to", quiet.to.json)])
            }
            return [("quiet_hours", hours ?? .null)]
        },
        check: { user, check in
            if let quiet = user.quietHours { check.hours(from: quiet.from, to: quiet.to, "quiet_hours") }
        })

    /// Read-only: a team lists its members, not the other way round.
    private static let teamsField = ConfigurableField<User>(
        [], read: { reader, _, _ in reader.ignore(["teams"]) },
        show: { user, configuration in
            let teams = configuration.teams.values.filter { $0.memberIDs.contains(user.id) }
            return [("teams", .array(teams.sorted { $0.name < $1.name }.map { .reference($0.id.rawValue, $0.name) }))]
        })
}

extension ConfigurationCheck {
    /// Checks the form of a BCP 47 tag.
    fileprivate mutating func locale(_ locale: String) {
        let isTag = locale.split(separator: "-", omittingEmptySubsequences: false).allSatisfy {
            (1...8).contains($0.count) && $0.allSatisfy { $0.isASCII && ($0.isLetter || $0.isNumber) }
        }
        expect(isTag && locale.count <= 35, "locale", "Write a language tag like en or hr-HR.")
    }
}
