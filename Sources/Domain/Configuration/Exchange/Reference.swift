internal import Formats

/// The members of JSON that refer to configured things, for the API and for configuration files.
enum Reference {
    typealias Kind = ConfigurationSubject.Kind

    /// A member whose value is an id, or a list of ids.
    struct Member {
        /// The name in the API: `team_id`.
        let name: String
        /// The name in a configuration file: `team`.
        let short: String
        let kinds: [Kind]
    }

    static let members: [Member] = [
        Member(name: "team_id", short: "team", kinds: [.team]),
        Member(name: "user_id", short: "user", kinds: [.user]),
        Member(name: "with_user_id", short: "with", kinds: [.user]),
        Member(name: "member_ids", short: "members", kinds: [.user]),
        Member(name: "participants", short: "participants", kinds: [.user]),
        Member(name: "schedule_id", short: "schedule", kinds: [.schedule]),
        Member(name: "policy_id", short: "policy", kinds: [.escalationPolicy]),
        Member(name: "default_policy_id", short: "default_policy", kinds: [.escalationPolicy]),
        Member(name: "contact_method_id", short: "contact_method", kinds: [.contactMethod]),
        Member(name: "sources", short: "sources", kinds: [.alertSource, .heartbeat]),
    ]

    /// What the targets of an escalation policy refer to.
    static let targets: [String: Kind] = [
        "user": .user, "schedule": .schedule, "team": .team, "round_robin": .team,
        "channel": .teamChannel,
    ]

    /// Members with free contents, in which the same names mean something else.
    private static let opaque: Set = ["options", "labels"]

    /// How members are named before and after.
    enum Naming {
        case asInAPI, toFile, fromFile

        func find(_ name: String) -> Member? {
            switch self {
            case .asInAPI: members.first { $0.name == name || $0.short == name }
            case .toFile: members.first { $0.name == name }
            case .fromFile: members.first { $0.short == name }
            }
        }

        func result(_ member: Member, _ name: String) -> String {
            switch self {
            case .asInAPI: name
            case .toFile: member.short
            case .fromFile: member.name
            }
        }

        /// The member of a target that names what it refers to, before and after.
        var target: (before: String, after: String) {
            switch self {
            case .asInAPI: ("id", "id")
            case .toFile: ("id", "name")
            case .fromFile: ("name", "id")
            }
        }
    }

    /// Replaces each reference in a JSON value, at any depth.
    ///
    /// - Parameter replace: gets the possible kinds and the value.
    static func replacing(in json: JSON, _ naming: Naming, _ replace: ([Kind], JSON) -> JSON) -> JSON {
        switch json {
        case .null, .bool, .number, .string: return json
        case .array(let values): return .array(values.map { replacing(in: $0, naming, replace) })
        case .object(let object):
            var result = JSONObject()
            let target = object["type"]?.text.flatMap { targets[$0] }
            for (name, value) in object.members.map({ ($0.name, $0.value) }) {
                if let target, name == naming.target.before {
                    result[naming.target.after] = replace([target], value)
                } else if target != nil, name == naming.target.after {
                    // What answers show beside the id.
                    continue
                } else if opaque.contains(name) {
                    result[name] = value
                } else if let member = naming.find(name) {
                    result[naming.result(member, name)] = each(value) { replace(member.kinds, $0) }
                } else {
                    result[name] = replacing(in: value, naming, replace)
                }
            }
            return .object(result)
        }
    }

    private static func each(_ value: JSON, _ replace: (JSON) -> JSON) -> JSON {
        guard case .array(let values) = value else { return replace(value) }
        return .array(values.map(replace))
    }
}
