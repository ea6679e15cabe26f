internal import Database
internal import Domain

/// Every configured thing has a small number besides its id. The table `counters` has the last number of each kind under
/// `team`, and the number of a thing under `team ID`. A number is never given again, so that an old script can't reach
/// something new.
extension Store {
    /// Numbers whatever an earlier version stored without a number.
    func giveMissingNumbers() async throws(DatabaseError) {
        let isMissing = try await database.read { (connection) throws(DatabaseError) in
            for kind in ConfigurationSubject.Kind.allCases where try lacksNumbers(kind, on: connection) { return true }
            return false
        }
        guard isMissing else { return }
        let dialect = database.dialect
        try await database.write { (connection) throws(DatabaseError) in
            // Nothing else may change the configuration meanwhile.
            _ = try connection.query("SELECT version FROM configuration WHERE id = 1 \(dialect.lockForUpdate)")
            for kind in ConfigurationSubject.Kind.allCases { try giveNumbers(kind, on: connection) }
            try connection.execute("UPDATE configuration SET version = version + 1 WHERE id = 1")
        }
    }
}

private func lacksNumbers(
    _ kind: ConfigurationSubject.Kind, on connection: any Connection
) throws(DatabaseError) -> Bool {
    guard let table = kind.row?.table else { return false }
    return try !connection.query(
        """
        SELECT things.id FROM \(raw: table) things
        LEFT JOIN counters ON counters.name = '\(raw: kind.rawValue) ' || things.id
        WHERE counters.name IS NULL LIMIT 1
        """
    ).isEmpty
}

/// Numbers all things of a kind that have no number yet, in the order in which they were created.
func giveNumbers(_ kind: ConfigurationSubject.Kind, on connection: any Connection) throws(DatabaseError) {
    guard let table = kind.row?.table else { return }
    let name: SQL = "'\(raw: kind.rawValue)'"
    try connection.execute(
        "INSERT INTO counters (name, value) VALUES (\(name), 0) ON CONFLICT (name) DO NOTHING")
    try connection.execute(
        """
        INSERT INTO counters (name, value)
        SELECT \(name) || ' ' || things.id,
          (SELECT value FROM counters WHERE name = \(name)) + ROW_NUMBER() OVER (ORDER BY things.created_at, things.id)
        FROM \(raw: table) things
        LEFT JOIN counters known ON known.name = \(name) || ' ' || things.id
        WHERE known.name IS NULL
        """)
    try connection.execute(
        """
        UPDATE counters
        SET value = (SELECT MAX(given.value) FROM counters given
          WHERE given.name = \(name) OR given.name LIKE \(name) || ' %')
        WHERE name = \(name)
        """)
}

func readNumbers(_ connection: any Connection) throws(DatabaseError) -> ConfigurationNumbers {
    var numbers = ConfigurationNumbers()
    for row in try connection.query("SELECT name, value FROM counters WHERE name LIKE '% %'") {
        let name: String = try row.get("name")
        guard let blank = name.firstIndex(of: " "),
            let kind = ConfigurationSubject.Kind(rawValue: String(name[..<blank]))
        else { continue }
        numbers[ConfigurationSubject(kind, String(name[name.index(after: blank)...]))] = try row.get("value")
    }
    return numbers
}
