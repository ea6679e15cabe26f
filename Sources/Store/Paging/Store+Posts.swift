package import Database
package import Domain

/// Where a post stands, for people.
package struct PostStatus: Sendable, Hashable {
    package var postedAt: Timestamp?
    package var fault: String?
}

/// The result of an attempt to post.
package enum PostResult: Sendable, Hashable {
    /// - Parameter reference: the vendor's id of the message. Nil if it can't be edited.
    case posted(Post.State, reference: String?)
    case failed(fault: String, retryAt: Timestamp?)
    /// No attempt was made, because the provider is busy or pausing.
    case postponed(until: Timestamp)
    /// The message that was to be edited is gone, or too old to be edited. The next attempt sends another one, even of a
    /// state that was told before: readers may still see a later one.
    case lost
}

extension Store {
    /// Takes posts that are due, at most one for each channel, so that what is said in a channel stays in order.
    ///
    /// They are due again after `patience`, in case this process dies before it stores the results.
    ///
    /// - Parameter busy: the channels in which a message is on its way.
    /// - Returns: nil when the lease is not current.
    package func takePosts(
        except busy: Set<TeamChannelID>, patience: Duration, limit: Int, under lease: Lease, at now: Timestamp
    ) async throws(DatabaseError) -> [Post]? {
        let dialect = database.dialect
        return try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            guard try Store.isCurrent(lease, connection, dialect) else { return nil }
            let others: SQL = busy.isEmpty ? "" : "AND channel_id NOT IN \(list: busy.sorted())"
            let due = try connection.query(
                """
                SELECT \(postColumns.all) FROM posts WHERE due_at IS NOT NULL AND due_at <= \(now) \(others)
                ORDER BY due_at, id LIMIT 500
                """
            ).map(decodePost)
            var taken: [Post] = []
            var channels: Set<TeamChannelID> = []
            for post in due where taken.count < limit && channels.insert(post.channelID).inserted {
                let changed = try connection.query(
                    """
                    UPDATE posts SET due_at = \(now + patience), attempts = attempts + 1
                    WHERE id IN (SELECT id FROM posts WHERE id = \(post.rowID) AND due_at <= \(now) \(dialect.lockFreeRows))
                    RETURNING \(postColumns.all)
                    """
                ).map(decodePost)
                taken += changed
            }
            return taken
        }
    }

    /// Returns when the next post is due.
    /// - Parameter busy: the channels that do not count.
    package func nextPost(except busy: Set<TeamChannelID>) async throws(DatabaseError) -> Timestamp? {
        let others: SQL = busy.isEmpty ? "" : "AND channel_id NOT IN \(list: busy.sorted())"
        return try await database.read(.dispatch) { (connection) throws(DatabaseError) in
            try connection.query("SELECT MIN(due_at) AS due FROM posts WHERE due_at IS NOT NULL \(others)").first?.get(
                "due")
        }
    }

    /// Stores what became of a post. If its incident changed meanwhile, it is due again at once.
    package func record(_ result: PostResult, of post: Post, at now: Timestamp) async throws(DatabaseError) {
        let changes: SQL
        switch result {
        case .posted(let state, let reference):
            let told = storedText(post.told.union([state]).map(\.rawValue).sorted())
            changes = """
                reference = \(reference), told = \(told), posted_at = \(now), fault = NULL, attempts = 0,
                due_at = CASE WHEN wanted = \(post.wanted) THEN NULL ELSE CAST(\(now) AS BIGINT) END
                """
        case .failed(let fault, let retryAt):
            changes = """
                fault = \(fault),
                due_at = CASE WHEN wanted = \(post.wanted) THEN CAST(\(retryAt) AS BIGINT) ELSE CAST(\(now) AS BIGINT) END
                """
        case .postponed(let until): changes = "attempts = attempts - 1, due_at = \(until)"
        case .lost: changes = "reference = NULL, told = '[]', due_at = \(now)"
        }
        try await change(changes, of: post)
    }

    /// Another process may post by now, and has planned its next look without this change. So it is told what is due.
    private func change(_ changes: SQL, of post: Post) async throws(DatabaseError) {
        try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            let row = try connection.query(
                "UPDATE posts SET \(changes) WHERE id = \(post.rowID) RETURNING due_at"
            ).first
            if let row, try row.get("due_at", as: Timestamp?.self) != nil { try notify(.posts, on: connection) }
        }
    }

    /// Ends a post for which there is nothing left to say.
    package func settle(_ post: Post, at now: Timestamp) async throws(DatabaseError) {
        try await change(
            "attempts = 0, due_at = CASE WHEN wanted = \(post.wanted) THEN NULL ELSE CAST(\(now) AS BIGINT) END",
            of: post)
    }

    /// Forgets a post whose channel or incident is gone.
    package func forget(_ post: Post) async throws(DatabaseError) {
        try await database.write(.dispatch) { (connection) throws(DatabaseError) in
            try connection.execute("DELETE FROM posts WHERE id = \(post.rowID)")
        }
    }

    /// Returns the latest success and the latest fault in a channel.
    package func postStatus(of channel: TeamChannelID) async throws(DatabaseError) -> PostStatus {
        try await database.read { (connection) throws(DatabaseError) in
            let latest = try connection.query(
                "SELECT MAX(posted_at) AS at FROM posts WHERE channel_id = \(channel) AND posted_at IS NOT NULL"
            ).first
            let fault = try connection.query(
                """
                SELECT fault FROM posts WHERE channel_id = \(channel) AND fault IS NOT NULL
                ORDER BY incident_id DESC LIMIT 1
                """
            ).first
            return PostStatus(postedAt: try latest?.get("at"), fault: try fault?.get("fault"))
        }
    }
}

private let postColumns: ColumnList = ["channel_id", "incident_id", "wanted", "attempts", "reference", "told"]

private func decodePost(_ row: Row) throws(DatabaseError) -> Post {
    let told: [String] = try row.stored("told", of: "posts", key: "incident_id")
    return Post(
        channelID: try row.get("channel_id"), incidentID: try row.get("incident_id"), wanted: try row.get("wanted"),
        attempts: try row.get("attempts"), reference: try row.get("reference"),
        told: Set(told.compactMap { Post.State(rawValue: $0) }))
}

extension Post {
    fileprivate var rowID: String { postID(channelID, incidentID) }
}

private func postID(_ channel: TeamChannelID, _ incident: IncidentID) -> String { "\(channel) \(incident)" }

/// Makes posts of incidents due, as many as there are rows.
let postInsertion = RowStatement(
    """
    INSERT INTO posts (id, channel_id, incident_id, wanted, due_at, attempts, told)
    SELECT id, channel_id, incident_id, 1, due_at, 0, '[]' FROM
    """, ["id": .text, "channel_id": .text, "incident_id": .text, "due_at": .bigint],
    """
    WHERE true
    ON CONFLICT (id) DO UPDATE SET wanted = posts.wanted + 1, due_at = excluded.due_at, attempts = 0
    """)

func postRow(_ channel: TeamChannelID, _ incident: IncidentID, at now: Timestamp) -> [SQLValue] {
    [postID(channel, incident).sqlValue, channel.sqlValue, incident.sqlValue, now.sqlValue]
}

/// Makes the posts of changed incidents due.
///
/// - Parameter channels: those whose posts are inserted or made due by themselves.
func outdatedPosts(of incidents: [IncidentID], except channels: [TeamChannelID], at now: Timestamp) -> SQL {
    let others: SQL = channels.isEmpty ? "" : "AND channel_id NOT IN \(list: channels)"
    return """
        UPDATE posts SET wanted = wanted + 1, due_at = \(now), attempts = 0
        WHERE incident_id IN \(list: incidents) \(others)
        """
}
