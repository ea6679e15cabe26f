internal import Database
internal import Domain

/// The columns that `decodeClaimedPage` reads.
let claimedPageColumns: ColumnList = [
    "id", "purpose", "incident_id", "user_id", "contact_method_id", "channel", "address", "urgency", "cycle", "step",
    "body", "state", "due_at", "attempts", "fault", "is_possible_duplicate", "queued_at", "message_id",
    "team_id",
]

/// The state of pages that the statement names by other columns. No index serves this expression.
///
/// With the plain column both databases may walk an index of all pages in a state, since their statistics are older than
/// the queue.
let knownPageState: SQL = "(state || '')"

func decodeClaimedPage(_ row: Row) throws(DatabaseError) -> ClaimedPage {
    ClaimedPage(
        page: try decodePage(row), cycle: try row.get("cycle"), queuedAt: try row.get("queued_at"),
        message: try row.get("message_id"), teamID: try row.get("team_id"))
}

func decodePage(_ row: Row) throws(DatabaseError) -> Page {
    Page(
        id: try row.get("id"), purpose: try decodePurpose(row), userID: try row.get("user_id"),
        contactMethodID: try row.get("contact_method_id"), channel: try row.get("channel"),
        address: try row.get("address"), urgency: try row.get("urgency"), state: try row.get("state"),
        dueAt: try row.get("due_at"), attempts: try row.get("attempts"), fault: try row.get("fault"),
        isPossibleDuplicate: try row.get("is_possible_duplicate"))
}

private func decodePurpose(_ row: Row) throws(DatabaseError) -> Page.Purpose {
    let word: String = try row.get("purpose")
    switch word {
    case "incident":
        return .incident(try row.get("incident_id"), cycle: try row.get("cycle"), step: try row.get("step"))
    case "test": return .test
    case "verification": return .verification(text: try row.get("body", as: String?.self) ?? "")
    case "notice": return .notice(text: try row.get("body", as: String?.self) ?? "")
    default: throw .decoding("column purpose holds \(word)")
    }
}

/// The columns that `decodeSummary` reads.
let pageSummaryColumns: ColumnList = [
    "id", "user_id", "channel", "rule", "cycle", "step", "state", "due_at", "attempts", "unwanted",
]

func decodeSummary(_ row: Row) throws(DatabaseError) -> PageSummary {
    let state: Page.State = try row.get("state")
    let unwanted: String? = try row.get("unwanted")
    return PageSummary(
        id: try row.get("id"), userID: try row.get("user_id"), channel: try row.get("channel"),
        rule: try row.get("rule"), cycle: try row.get("cycle"), step: try row.get("step"),
        state: state, dueAt: try row.get("due_at"), attempts: try row.get("attempts"),
        isUnwanted: state == .claimed && unwanted != nil)
}
