/// One change of what operators configure. Saving replaces what has the same id.
package enum ConfigurationChange: Sendable, Hashable {
    /// With its members, in their order.
    case saveTeam(Team)
    case deleteTeam(TeamID)
    case saveUser(User)
    /// A scrypt hash; nil takes the right to sign in away.
    case setPassword(UserID, hash: String?)
    case deleteUser(UserID)
    case saveContactMethod(ContactMethod)
    case deleteContactMethod(ContactMethodID)
    /// All rules of one user at once.
    case saveRules(UserID, [NotificationRule])
    case saveSchedule(Schedule)
    case deleteSchedule(ScheduleID)
    case savePolicy(EscalationPolicy)
    case deletePolicy(PolicyID)
    case saveSource(AlertSource)
    case deleteSource(SourceID)
    case saveHeartbeat(Heartbeat)
    case deleteHeartbeat(HeartbeatID)
    case saveMaintenanceWindow(MaintenanceWindow)
    case deleteMaintenanceWindow(MaintenanceWindowID)
}
