/// The id of one kind of object. It is text, so that the database, URLs and logs show the same value.
package struct ID<Entity>: Hashable, Sendable, CustomStringConvertible, ExpressibleByStringLiteral {
    package let rawValue: String

    package init(_ rawValue: String) { self.rawValue = rawValue }
    package init(stringLiteral value: String) { self.init(value) }

    package var description: String { rawValue }
}

extension ID: Comparable {
    package static func < (left: ID, right: ID) -> Bool { left.rawValue < right.rawValue }
}

package typealias IncidentID = ID<Incident>
package typealias PageID = ID<Page>
package typealias UserID = ID<User>
package typealias TeamID = ID<Team>
package typealias ContactMethodID = ID<ContactMethod>
package typealias ScheduleID = ID<Schedule>
package typealias PolicyID = ID<EscalationPolicy>
package typealias SourceID = ID<AlertSource>
package typealias NotificationRuleID = ID<NotificationRule>
package typealias OverrideID = ID<Schedule.Override>
package typealias AuditRecordID = ID<AuditRecord>
package typealias HeartbeatID = ID<Heartbeat>
package typealias MaintenanceWindowID = ID<MaintenanceWindow>
package typealias TeamChannelID = ID<TeamChannel>
package typealias MessageTemplateID = ID<MessageTemplate>

/// Generates ids: UUIDv7 in production, a counter in tests.
package struct Identifiers: Sendable {
    private let generate: @Sendable () -> String

    package init(_ generate: @escaping @Sendable () -> String) { self.generate = generate }

    package func next<Entity>(_ entity: Entity.Type = Entity.self) -> ID<Entity> { ID(generate()) }
}
