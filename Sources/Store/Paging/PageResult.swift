internal import Database
internal import Domain

/// The result of an attempt for one of its pages, with the rows that it writes.
struct PageResult {
    let attempt: DeliveryAttempt
    private let claimed: ClaimedPage
    let id: PageID
    /// The row of the timeline, if the page moves.
    let entry: [SQLValue]?

    init(_ attempt: DeliveryAttempt, _ claimed: ClaimedPage, at now: Timestamp, _ identifiers: Identifiers) {
        self.attempt = attempt
        self.claimed = claimed
        id = claimed.page.id
        let event = PageResult.event(attempt, claimed.page)
        entry = claimed.incidentID.flatMap { incident in
            event.map {
                TimelineEntry(at: now, author: .system, event: $0).lateRow(incident: incident, id: identifiers.next())
            }
        }
    }

    private static func event(_ attempt: DeliveryAttempt, _ page: Page) -> TimelineEntry.Event? {
        let person = attempt.name(of: page.userID)
        return switch attempt.next {
        case .sent:
            .pageSent(
                page: page.id, person: person, channel: page.channel, possibleDuplicate: page.isPossibleDuplicate)
        case .retry: nil
        case .fail:
            .pageFailed(
                page: page.id, person: person, channel: page.channel,
                explanation: attempt.receipt.explanation ?? "no reason was given")
        }
    }

    static let log = RowStatement.insertion(
        into: "attempts",
        [
            "page_id": .text, "number": .bigint, "at": .bigint, "duration": .bigint, "provider": .text,
            "result": .text, "explanation": .text,
        ])

    var logRow: [SQLValue] {
        [
            id.sqlValue, claimed.page.attempts.sqlValue, attempt.startedAt.sqlValue, attempt.duration.sqlValue,
            attempt.provider.sqlValue, attempt.receipt.word.sqlValue, attempt.receipt.explanation.sqlValue,
        ]
    }

    var ended: EndedPage {
        let page = claimed.page
        return EndedPage(
            incidentID: claimed.incidentID,
            page: FailedPage(
                id: id, userID: page.userID, userName: attempt.name(of: page.userID), channel: page.channel,
                cycle: claimed.cycle, explanation: attempt.receipt.explanation ?? ""))
    }
}

extension PageResult {
    /// Changes the pages as long as they belong to the results' claims, unless the result is known already.
    fileprivate static func moving(_ changes: String, from states: String) -> RowStatement {
        RowStatement(
            "UPDATE pages SET \(changes) FROM",
            [
                "key": .text, "claim": .text, "claim_epoch": .bigint, "number": .bigint, "moment": .bigint,
                "vendor_reference": .text, "report_due_at": .bigint, "reason": .text, "doubled": .bigint,
            ],
            """
            WHERE id = given.key AND message_id = given.claim AND epoch = given.claim_epoch AND attempts = given.number
              AND \(knownPageState.text) IN (\(states)) RETURNING id
            """)
    }

    /// Also applies if a new leaseholder has queued the page again, since it need not leave twice.
    fileprivate static let sending = moving(
        """
        state = 'sent', sent_at = given.moment, reference = given.vendor_reference, fault = NULL, body = NULL,
        receipt_due_at = given.report_due_at,
        is_possible_duplicate = CASE WHEN given.doubled = 1 THEN 1 ELSE is_possible_duplicate END
        """, from: "'claimed', 'queued'")

    fileprivate static let failing = moving(
        "state = 'failed', finished_at = given.moment, fault = given.reason, body = NULL", from: "'claimed'")

    fileprivate func moveRow(at now: Timestamp) -> [SQLValue] {
        let reference: String? = if case .accepted(let reference, _) = attempt.receipt { reference } else { nil }
        return [
            id.sqlValue, attempt.message.id.sqlValue, attempt.message.epoch.sqlValue, claimed.page.attempts.sqlValue,
            now.sqlValue, reference.sqlValue, attempt.receiptDueAt.sqlValue, attempt.receipt.explanation.sqlValue,
            claimed.page.isPossibleDuplicate.sqlValue,
        ]
    }

    fileprivate func requeue(at due: Timestamp) -> SQL {
        let mayHaveLeft = attempt.receipt.mayHaveLeft || claimed.page.isPossibleDuplicate
        return Requeue(
            pages: """
                id = \(id) AND message_id = \(attempt.message.id) AND epoch = \(attempt.message.epoch)
                AND attempts = \(claimed.page.attempts) AND \(knownPageState) = 'claimed'
                """,
            earliest: "\(due)", fault: "\(attempt.receipt.explanation)", isPossibleDuplicate: "\(mayHaveLeft)"
        ).statement
    }
}

/// Moves the pages of results, which are in the order of their ids.
///
/// - Returns: those that moved. The others were known already, or another claim took them.
func move(
    _ results: [PageResult], at now: Timestamp, _ connection: any Connection, _ dialect: Dialect
) throws(DatabaseError) -> Set<PageID> {
    var (sent, failed): ([[SQLValue]], [[SQLValue]]) = ([], [])
    var requeued: [(id: PageID, statement: SQL)] = []
    for result in results {
        switch result.attempt.next {
        case .sent: sent.append(result.moveRow(at: now))
        case .fail: failed.append(result.moveRow(at: now))
        case .retry(let due): requeued.append((result.id, result.requeue(at: due)))
        }
    }
    var statements: [SQL] = []
    if dialect.name == "postgres" && sent.count < results.count && failed.count < results.count {
        statements.append(
            "SELECT id FROM pages WHERE id IN \(list: results.map(\.id)) ORDER BY id \(dialect.lockForUpdate)")
    }
    let locks = statements.count
    statements += try PageResult.sending.statements(sent, dialect)
    statements += try PageResult.failing.statements(failed, dialect)
    let rows = statements.count
    statements += requeued.map(\.statement)
    guard !statements.isEmpty else { return [] }
    let answers = try connection.batch(statements)
    var moved: Set<PageID> = []
    for answer in answers[locks..<rows] { for row in answer.rows { moved.insert(try row.get("id")) } }
    for (page, answer) in zip(requeued, answers[rows...]) where answer.affected == 1 { moved.insert(page.id) }
    return moved
}

extension DeliveryAttempt {
    fileprivate func name(of person: UserID) -> String { people[person] ?? "a deleted user" }
}
