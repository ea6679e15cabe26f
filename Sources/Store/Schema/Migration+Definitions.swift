internal import Database
internal import Formats

extension Migration {
    /// Writes the documents of teams, users, contact methods and alert sources from the columns that held them before.
    ///
    /// It names version 1 of each form itself and decodes no value, so that even a row that PagerPal can't read keeps
    /// all that it says.
    static let documentsOfColumns = Migration(
        number: 15, name: "documents of columns",
        work: .batches { (connection) throws(DatabaseError) in
            let members = try membersOfTeams(connection)
            for table in ColumnTable.all {
                let rows = try connection.query("SELECT \(table.columnNames) FROM \(raw: table.name)")
                var statements: [SQL] = []
                for row in rows {
                    let id: String = try row.get("id")
                    var document = try table.document(row)
                    if table.name == "teams" { document["member_ids"] = .array(members[id] ?? []) }
                    let text = JSON.object(document).description
                    statements.append("UPDATE \(raw: table.name) SET definition = \(text) WHERE id = \(id)")
                }
                if !statements.isEmpty { _ = try connection.batch(statements) }
            }
            return true
        })

    private static func membersOfTeams(_ connection: any Connection) throws(DatabaseError) -> [String: [JSON]] {
        var members: [String: [JSON]] = [:]
        for row in try connection.query("SELECT team_id, user_id FROM memberships ORDER BY position, user_id") {
            members[try row.get("team_id"), default: []].append(.string(try row.get("user_id")))
        }
        return members
    }
}

/// A table whose columns become members of a document.
private struct ColumnTable {
    enum Form {
        case text, number, flag
        /// Microseconds in the column, milliseconds in the document.
        case duration
    }

    var name: String
    var members: [(column: String, member: String, form: Form)]

    var columnNames: SQL { "\(raw: members.map(\.column).joined(separator: ", "))" }

    func document(_ row: Row) throws(DatabaseError) -> JSONObject {
        var object = JSONObject()
        object["version"] = .number("1")
        for (column, member, form) in members {
            let json: JSON?
            switch form {
            case .text: json = try row.get(column, as: String?.self).map { .string($0) }
            case .number: json = try row.get(column, as: Int64?.self).map { .number("\($0)") }
            case .flag: json = try row.get(column, as: Int64?.self).map { .bool($0 != 0) }
            case .duration: json = try row.get(column, as: Int64?.self).map { .number("\(($0 + 999) / 1000)") }
            }
            if let json { put(json, at: member, in: &object) }
        }
        return object
    }

    /// A member like `quiet_hours.from_minute` is a member of an object inside.
    private func put(_ json: JSON, at member: String, in object: inout JSONObject) {
        let path = member.split(separator: ".", maxSplits: 1).map(String.init)
        guard path.count == 2 else { return object[member] = json }
        var inner = JSONObject()
        if case .object(let found)? = object[path[0]] { inner = found }
        inner[path[1]] = json
        object[path[0]] = .object(inner)
    }

    static let all = [
        ColumnTable(
            name: "teams",
            members: [
                ("id", "id", .text), ("name", "name", .text), ("default_policy_id", "default_policy_id", .text),
            ]),
        ColumnTable(
            name: "users",
            members: [
                ("id", "id", .text), ("name", "name", .text), ("email", "email", .text), ("role", "role", .text),
                ("time_zone", "time_zone", .text), ("locale", "locale", .text), ("is_enabled", "is_enabled", .flag),
                ("quiet_from", "quiet_hours.from_minute", .number), ("quiet_to", "quiet_hours.to_minute", .number),
                ("tells_hand_off", "notifies_handoff", .flag), ("tells_shift_ahead", "notifies_shift_ahead", .flag),
            ]),
        ColumnTable(
            name: "contact_methods",
            members: [
                ("id", "id", .text), ("user_id", "user_id", .text), ("channel", "channel", .text),
                ("address", "address", .text), ("label", "label", .text), ("is_enabled", "is_enabled", .flag),
                ("verified_at", "verified_at", .number),
            ]),
        ColumnTable(
            name: "alert_sources",
            members: [
                ("id", "id", .text), ("name", "name", .text), ("kind", "kind", .text), ("team_id", "team_id", .text),
                ("policy_id", "policy_id", .text), ("default_severity", "default_severity", .text),
                ("is_enabled", "is_enabled", .flag), ("reopen_window", "reopen_window_ms", .duration),
                ("auto_resolve_after", "auto_resolve_after_ms", .duration), ("options", "options", .text),
                ("key_hash", "key_hash", .text), ("key_hint", "key_hint", .text),
            ]),
    ]
}
