import Database

/// An error that a simulation plants in the application's statements, so that it shows that its checks find it.
package enum PlantedFault: String, Sendable, CaseIterable {
    /// An alert is answered although its transaction is lost.
    case answerBeforeCommit
    /// An incident is opened without its pages.
    case noPages
    /// A lease that is over still passes the check of a transaction.
    case noFence
    /// A new holder gets the epoch of the one before.
    case sameEpoch
    /// A decision does not cancel the pages that wait.
    case noCancel
    /// A page is not checked again right before it is sent.
    case noLastLook
    /// A decision does not mark pages that are being handed over, and nobody looks again.
    case noUnwanted
    /// Pages that an earlier holder left behind stay claimed.
    case noOrphans
    /// Pages of a claim whose answer was lost stay claimed.
    case noLostClaims
    /// What an earlier holder left behind goes again without a mark.
    case noMark
    /// A page whose answer was lost goes again without a mark.
    case noMarkOfUnknown
    /// A result counts although another claim took the page.
    case noClaimInRecord
    /// An incident has no next step.
    case noNextStep
    /// The escalation clock does not know when the next step is due.
    case noTimer
    /// What must follow a failed page is not stored.
    case noFollowUp
    /// A change overwrites another one.
    case noVersion
    /// An acknowledgement is missing in the timeline.
    case noEntry
    /// An incident is opened without its posts.
    case noPosts
    /// A change of an incident makes its posts due at no time.
    case noRepost
    /// A change during an attempt to post is forgotten when the attempt ends.
    case noPostAgain

    /// Whether it shows only in interleavings that few seeds have.
    package var isRare: Bool {
        switch self {
        case .noFence, .noLostClaims, .noMark, .noMarkOfUnknown, .noClaimInRecord, .noPostAgain: true
        case .answerBeforeCommit, .noPages, .sameEpoch, .noCancel, .noLastLook, .noUnwanted, .noOrphans, .noNextStep,
            .noTimer, .noFollowUp, .noVersion, .noEntry, .noPosts, .noRepost:
            false
        }
    }

    func changed(_ text: String, _ values: [SQLValue]) -> String {
        switch self {
        case .answerBeforeCommit: text
        case .noPages:
            text.replacing(
                "INSERT INTO pages (id, purpose, incident_id",
                with: "INSERT INTO sim_pages_void (id, purpose, incident_id")
        case .noFence:
            text.hasPrefix("SELECT epoch FROM leases")
                ? text.replacing("AND holder =", with: "OR holder =").replacing("AND epoch =", with: "OR epoch =")
                : text
        case .sameEpoch: text.replacing("epoch = epoch + 1", with: "epoch = epoch")
        case .noCancel:
            text.replacing("state = CASE WHEN state = 'queued' THEN 'cancelled' ELSE state END", with: "state = state")
        case .noLastLook:
            text.replacing(
                "AND (unwanted IS NOT NULL OR state <> 'claimed'", with: "AND 1 = 0 AND (1 = 1 OR state <> 'claimed'")
        case .noUnwanted:
            text.replacing(
                "unwanted = CASE WHEN state = 'claimed' THEN", with: "unwanted = CASE WHEN state = 'never' THEN")
        case .noOrphans: text.replacing("state = 'claimed' AND epoch < ", with: "state = 'never' AND epoch < ")
        case .noLostClaims:
            text.hasPrefix("UPDATE pages SET") && text.contains("attempts = attempts - 1")
                ? text.replacing("state = 'claimed' AND epoch =", with: "state = 'never' AND epoch =") : text
        case .noMark: text.replacing("is_possible_duplicate = 1", with: "is_possible_duplicate = 0")
        case .noMarkOfUnknown:
            text.replacing(#/is_possible_duplicate = (\$\d+)/#) { "is_possible_duplicate = (\($0.output.1) AND 0)" }
        case .noClaimInRecord:
            text.replacing(#/AND epoch = (\S+)\s+AND attempts = (\S+)/#) {
                "AND (epoch = \($0.output.1) OR 1) AND (attempts = \($0.output.2) OR 1)"
            }
        case .noNextStep:
            text.replacing("next_escalation_at = given.next_escalation_at", with: "next_escalation_at = NULL")
        case .noTimer:
            text.replacing(
                "SELECT MIN(next_escalation_at) AS due FROM incidents WHERE",
                with: "SELECT MIN(next_escalation_at) AS due FROM incidents WHERE 1 = 0 AND")
        case .noFollowUp: text.replacing("INSERT INTO follow_ups", with: "INSERT INTO sim_follow_ups_void")
        case .noVersion: text.replacing("AND incidents.version = given.before", with: "")
        case .noEntry:
            text.hasPrefix("INSERT INTO timeline")
                && values.contains { if case .text(let text) = $0 { text.contains("\"acknowledged\"") } else { false } }
                ? text.replacing("INSERT INTO timeline", with: "INSERT INTO sim_timeline_void") : text
        case .noPosts:
            text.replacing("INSERT INTO posts", with: "INSERT INTO sim_posts_void")
                .replacing("posts.wanted", with: "sim_posts_void.wanted")
        case .noRepost:
            text.replacing(#/wanted = wanted \+ 1, due_at = (\$\d+)/#) {
                "wanted = wanted + 1 + \($0.output.1) * 0"
            }
        case .noPostAgain:
            text.replacing(#/CASE WHEN wanted = (\$\d+) THEN NULL/#) {
                "CASE WHEN wanted = \($0.output.1) OR 1 THEN NULL"
            }
        }
    }
}
