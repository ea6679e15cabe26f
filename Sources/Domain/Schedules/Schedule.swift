/// Who is on call when, in the local time of one zone.
///
/// Layers are rotations; where several have somebody, the last one counts. Overrides come on top. What no layer
/// covers is a gap, in which nobody is on call.
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

    /// People who take turns.
    package struct Layer: Sendable, Hashable {
        package var name: String
        /// In order; nil is a turn of nobody.
        package var participants: [UserID?]
        package var rotation: Rotation
        /// The local day on which the first participant's turn begins, at the rotation's hand-off time.
        package var start: CivilDate
        /// The local day on which the layer ends, at the hand-off time; nil: never.
        package var end: CivilDate?
        /// Only within these hours of the week; empty: always.
        package var restrictions: [Restriction]
        /// The place in `participants` whose turn was the first one. It moves when participants are added or removed,
        /// so that whoever is on duty stays on duty.
        package var firstPlace: Int

        package init(
            name: String, participants: [UserID?], rotation: Rotation, start: CivilDate, end: CivilDate? = nil,
            restrictions: [Restriction] = [], firstPlace: Int = 0
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

    /// How long a turn is, and when it is handed over.
    package struct Rotation: Sendable, Hashable {
        package enum Unit: String, Sendable, CaseIterable { case hour, day, week, month }

        package var unit: Unit
        /// Units of one turn, 1 to 1,000. Hours go by elapsed time, the others by the calendar.
        package var count: Int
        /// Minutes since local midnight.
        package var handOffMinute: Int

        package init(_ unit: Unit, every count: Int = 1, handOffMinute: Int = 540) {
            self.unit = unit
            self.count = count
            self.handOffMinute = handOffMinute
        }
    }

    /// Hours of a day of the week in local time; they may pass midnight.
    package struct Restriction: Sendable, Hashable {
        /// Monday is 1, Sunday 7.
        package var weekdays: Set<Int>
        package var fromMinute: Int
        package var toMinute: Int

        package init(weekdays: Set<Int>, fromMinute: Int, toMinute: Int) {
            self.weekdays = weekdays
            self.fromMinute = fromMinute
            self.toMinute = toMinute
        }
    }

    /// An exception from one instant to another. Of overrides that overlap, the later made one is applied last.
    package struct Override: Sendable, Hashable, Identifiable {
        package enum Change: Sendable, Hashable {
            case add(UserID)
            case remove(UserID)
            case replace(UserID, with: UserID)
            /// Only this person, whoever else would be on call.
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
