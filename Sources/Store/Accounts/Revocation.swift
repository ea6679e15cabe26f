internal import Database
internal import Domain

/// Ends everything by which a user gets in without the password. A deleted user's rows go by their foreign keys.
func revocation(ofAllOf user: UserID) -> [SQL] {
    [
        "DELETE FROM sessions WHERE user_id = \(user)",
        "DELETE FROM api_tokens WHERE user_id = \(user)",
        "DELETE FROM calendar_links WHERE user_id = \(user) OR created_by = \(user)",
        "DELETE FROM password_resets WHERE user_id = \(user)",
        "DELETE FROM email_changes WHERE user_id = \(user)",
        "DELETE FROM identities WHERE user_id = \(user)",
        "DELETE FROM sign_in_steps WHERE user_id = \(user)",
        // The proofs that browsers keep contain this number, and passkeys with an older one don't sign in alone.
        "UPDATE users SET access_version = access_version + 1 WHERE id = \(user)",
        clearedTexts("user_id = \(user)"),
    ]
}

/// Clears the codes and links in pages that have ended.
func clearedTexts(_ pages: SQL) -> SQL {
    """
    UPDATE pages SET body = NULL
    WHERE \(pages) AND purpose IN ('verification', 'notice') AND body IS NOT NULL
      AND state IN ('withheld', 'failed', 'cancelled')
    """
}
