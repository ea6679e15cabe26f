/// The settings for opening a connection.
struct PostgresSettings: Sendable {
    /// libpq's connection parameters (PostgreSQL's manual, 34.1.2).
    let keywords: [String: String]
    /// Session settings (chapter 20). They are set after connecting rather than in `options`, which poolers refuse.
    let session: [String: String]
    /// How long to wait for an answer before the connection counts as lost. Nil means no limit. It exceeds the server's
    /// own time-out, so it only applies when the server or the network is silent.
    let answerTimeout: Duration?

    init(parameters: PostgresParameters, options: DatabaseOptions, workload: Workload) {
        let silence = max(options.leaseDuration, .seconds(1))
        let silentSeconds = String((silence.milliseconds + 999) / 1000)
        var keywords = parameters.keywords
        keywords["connect_timeout"] = String(max(2, options.connectTimeout.components.seconds))
        keywords["keepalives_idle"] = silentSeconds
        keywords["keepalives_interval"] = "1"
        keywords["keepalives_count"] = "3"
        let patience =
            workload == .lease ? max(options.leaseDuration / 3, .milliseconds(500)) : max(silence, .seconds(3))
        keywords["tcp_user_timeout"] = String(patience.milliseconds)
        keywords["client_encoding"] = "UTF8"
        if keywords["application_name"] == nil { keywords["application_name"] = "pagerpal" }
        // A server that refuses writes is no use, so libpq tries the next host.
        if keywords["target_session_attrs"] == nil { keywords["target_session_attrs"] = "read-write" }
        self.keywords = keywords

        func limit(_ duration: Duration?) -> String { String(duration?.milliseconds ?? 0) }
        var session = [
            "statement_timeout": limit(options.statementTimeout(workload)),
            "lock_timeout": limit(options.lockTimeout(workload)),
            "idle_in_transaction_session_timeout": limit(options.idleTransactionTimeout(workload)),
            // Compiling a plan takes longer than any of our statements.
            "jit": "off",
            "tcp_keepalives_idle": silentSeconds, "tcp_keepalives_interval": "1", "tcp_keepalives_count": "3",
            "tcp_user_timeout": String(silence.milliseconds),
            "default_transaction_isolation": "read committed",
        ]
        if workload.readsByIndex {
            for plan in ["bitmapscan", "hashjoin", "mergejoin", "seqscan"] { session["enable_\(plan)"] = "off" }
        }
        self.session = session
        let margin: Duration = workload == .lease ? .milliseconds(100) : .seconds(3)
        answerTimeout = options.statementTimeout(workload).map { $0 + margin }
    }

    /// Applies the session settings in one statement. Commits always wait for the disk, even if the server's settings
    /// say otherwise. A stricter setting is kept.
    var sessionStatement: String {
        let settings = session.sorted { $0.key < $1.key }.map { "set_config('\($0.key)', '\($0.value)', false)" }
        return """
            SELECT \(settings.joined(separator: ", ")),
              set_config('synchronous_commit', CASE current_setting('synchronous_commit')
                WHEN 'remote_apply' THEN 'remote_apply' ELSE 'on' END, false)
            """
    }
}
