package import Database
package import Domain

extension Timestamp: SQLRepresentable {
    package var sqlValue: SQLValue { .integer(microseconds) }
    package init?(sqlValue: SQLValue) {
        guard let microseconds = Int64(sqlValue: sqlValue) else { return nil }
        self.init(microseconds: microseconds)
    }
}

extension ID: SQLRepresentable {
    package var sqlValue: SQLValue { .text(rawValue) }
    package init?(sqlValue: SQLValue) {
        guard let text = String(sqlValue: sqlValue) else { return nil }
        self.init(text)
    }
}

extension Duration: SQLRepresentable {
    package var sqlValue: SQLValue { .integer(microseconds) }
    package init?(sqlValue: SQLValue) {
        guard let microseconds = Int64(sqlValue: sqlValue) else { return nil }
        self = .microseconds(microseconds)
    }
}

extension DedupKey: SQLRepresentable {
    package var sqlValue: SQLValue { .text(rawValue) }
    package init?(sqlValue: SQLValue) {
        guard let text = String(sqlValue: sqlValue) else { return nil }
        self.init(text)
    }
}

extension SQLRepresentable where Self: RawRepresentable, RawValue == String {
    package var sqlValue: SQLValue { .text(rawValue) }
    package init?(sqlValue: SQLValue) {
        guard let text = String(sqlValue: sqlValue) else { return nil }
        self.init(rawValue: text)
    }
}

extension Severity: SQLRepresentable {}
extension Urgency: SQLRepresentable {}
extension Channel: SQLRepresentable {}
extension Role: SQLRepresentable {}
extension Page.State: SQLRepresentable {}
extension Incident.State.Name: SQLRepresentable {}
