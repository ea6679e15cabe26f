/// Who is on call when, in the local time of one zone.
///
/// Layers are rotations. Where several name a person, the last one counts. Overrides apply on top. Time that no layer
/// covers is a gap.
package struct Schedule: Sendable, Hashable, Identifiable {
    package let id: ScheduleID
    package var name: String
    package var teamID: TeamID
    /// An IANA name like `Europe/Zagreb`.
    package var timeZone: String
    package var layers: [Layer]
    package var overrides: [Override]

    package init(
        id: ScheduleID, name: String, teamID: TeamID, timeZone: String, layers: [Layer], overrides: [Override] = []
    ) {
        self.id = id
        self.name = name
        self.teamID = teamID
        self.timeZone = timeZone
        self.layers = layers
        self.overrides = overrides
    }

    /// A rotation and when it applies.
    package struct Layer: Sendable, Hashable {
        package var name: String
        /// In order. Nil is an empty turn.
        package var participants: [UserID?]
        package var rotation: Rotation
        /// The local day on which the first participant's turn begins, at the rotation's handoff time.
        package var start: CivilDate
        /// The local day on which the layer ends, at the handoff time. Nil means never.
        package var end: CivilDate?
        /// The layer applies only within these hours of the week. Empty means always.
        package var restrictions: [WeeklyHours]
        /// The place in `participants` that had the first turn. It moves when participants are added or removed, so
        /// that the person on call stays on call.
        package var firstPlace: Int

        package init(
            name: String, participants: [UserID?], rotation: Rotation, start: CivilDate, end: CivilDate? = nil,
            restrictions: [WeeklyHours] = [], firstPlace: Int = 0
        ) {
            self.name = name
            self.participants = participants
            self.rotation = rotation
            self.start = start
            self.end = end
            self.restrictions = restrictions
            self.firstPlace = firstPlace
        }
    }

    /// The length of a turn, and the time of the handoff.
    package struct Rotation: Sendable, Hashable {
        package enum Unit: String, Sendable, CaseIterable { case hour, day, week, month }

        package var unit: Unit
        /// Units in one turn, 1 to 1,000. Hours count elapsed time. Other units follow the calendar.
        package var count: Int
        /// Minutes since local midnight.
        package var handOffMinute: Int

        package init(_ unit: Unit, every count: Int = 1, handOffMinute: Int = 540) {
            self.unit = unit
            self.count = count
            self.handOffMinute = handOffMinute
        }
    }

    /// An exception from one instant to another. Overlapping overrides apply in the order of their creation.
    package struct Override: Sendable, Hashable, Identifiable {
        package enum Change: Sendable, Hashable {
            case add(UserID)
            case remove(UserID)
            case replace(UserID, with: UserID)
            /// Only this person, replacing everybody on call.
            case only(UserID)
        }

        package let id: OverrideID
        package var change: Change
        package var from: Timestamp
        package var to: Timestamp
        package var author: String
        package var madeAt: Timestamp

        package init(
            id: OverrideID, change: Change, from: Timestamp, to: Timestamp, author: String, madeAt: Timestamp
        ) {
            self.id = id
            self.change = change
            self.from = from
            self.to = to
            self.author = author
            self.madeAt = madeAt
        }
    }
}
