/// Who is on call when: placeholder until the module's own.
package struct Schedule: Sendable, Hashable, Codable, Identifiable {
    package let id: ScheduleID
    package var name: String
    package var teamID: TeamID
    package func onCall(at instant: Timestamp) -> [UserID] { [] }
}
