internal import Domain
internal import Formats

extension Team: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("id", id)
        members.put("name", name)
        members.put("member_ids", memberIDs)
        members.put("default_policy_id", defaultPolicyID)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            id: try members.get("id"), name: try members.get("name"), memberIDs: try members.get("member_ids"),
            defaultPolicyID: try members.get("default_policy_id"))
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "id": old["id"], "name": old["name"], "member_ids": old["memberIDs"],
            "default_policy_id": old["defaultPolicyID"],
        ])
    }
}

extension User: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("id", id)
        members.put("name", name)
        members.put("email", email)
        members.put("role", role)
        members.put("time_zone", timeZone)
        members.put("locale", locale)
        members.put("clock", clock == .hours24 ? nil : clock)
        members.put("is_enabled", isEnabled)
        members.put("quiet_hours", quietHours)
        members.put("notifies_handoff", tellsHandOff)
        members.put("notifies_shift_ahead", tellsShiftAhead)
        members.put("stand_down", standDown == .nothing ? nil : standDown)
        members.put("hourly_budget", hourlyBudget)
        members.put("drills_weekly", drillsWeekly ? true : nil)
        members.put("is_service", isService ? true : nil)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            id: try members.get("id"), name: try members.get("name"), email: try members.get("email"),
            role: try members.get("role"), timeZone: try members.get("time_zone"), locale: try members.get("locale"),
            clock: try members.get("clock", as: ClockForm?.self) ?? .hours24,
            isEnabled: try members.get("is_enabled"), quietHours: try members.get("quiet_hours"),
            tellsHandOff: try members.get("notifies_handoff"),
            tellsShiftAhead: try members.get("notifies_shift_ahead"),
            standDown: try members.get("stand_down", as: StandDown?.self) ?? .nothing,
            hourlyBudget: try members.get("hourly_budget"),
            drillsWeekly: try members.get("drills_weekly", as: Bool?.self) ?? false,
            isService: try members.get("is_service", as: Bool?.self) ?? false)
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "id": old["id"], "name": old["name"], "email": old["email"], "role": old["role"],
            "time_zone": old["timeZone"], "locale": old["locale"], "is_enabled": old["isEnabled"],
            "quiet_hours": try old.swiftMember("quietHours", weeklyHoursFromSwiftCoding),
            "notifies_handoff": old["tellsHandOff"], "notifies_shift_ahead": old["tellsShiftAhead"],
        ])
    }
}

extension StandDown: StoredWord {}
extension ClockForm: StoredWord {}

extension ContactMethod: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("id", id)
        members.put("user_id", userID)
        members.put("channel", channel)
        members.put("address", address)
        members.put("label", label)
        members.put("is_enabled", isEnabled)
        members.put("verified_at", verifiedAt)
        members.put(body)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            id: try members.get("id"), userID: try members.get("user_id"), channel: try members.get("channel"),
            address: try members.get("address"), label: try members.get("label"),
            isEnabled: try members.get("is_enabled"), verifiedAt: try members.get("verified_at"),
            body: try members.getBody())
    }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "id": old["id"], "user_id": old["userID"], "channel": old["channel"], "address": old["address"],
            "label": old["label"], "is_enabled": old["isEnabled"], "verified_at": old["verifiedAt"],
        ])
    }
}

/// All notification rules of one person.
struct NotificationRules: StoredDocument, Hashable {
    var rules: [NotificationRule]

    init(_ rules: [NotificationRule]) { self.rules = rules }

    func write(to members: inout StoredMembers) { members.put("rules", rules) }

    init(from members: StoredMembers) throws(StoredFault) { rules = try members.get("rules") }

    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON {
        .members([
            "rules": try JSON.members(["rules": old]).swiftList("rules") { (rule) throws(StoredFault) in
                .members([
                    "id": rule["id"], "user_id": rule["userID"], "urgency": rule["urgency"],
                    "delay_ms": try rule.swiftDuration("delay"), "contact_method_id": rule["contactMethodID"],
                ])
            }
        ])
    }
}

extension NotificationRule: StoredObject {
    func write(to members: inout StoredMembers) {
        members.put("id", id)
        members.put("user_id", userID)
        members.put("urgency", urgency)
        members.put("delay_ms", delay)
        members.put("contact_method_id", contactMethodID)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            id: try members.get("id"), userID: try members.get("user_id"), urgency: try members.get("urgency"),
            delay: try members.get("delay_ms"), contactMethodID: try members.get("contact_method_id"))
    }
}
