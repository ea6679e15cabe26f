extension ConfigurationCheck {
    mutating func check(_ heartbeat: Heartbeat) {
        let limits = Heartbeat.Limits.self
        name(heartbeat.name)
        unique(
            after.heartbeats.values.contains {
                $0.id != heartbeat.id && $0.teamID == heartbeat.teamID && isSameName($0.name, heartbeat.name)
            }, heartbeat.name)
        team(heartbeat.teamID)
        if let id = heartbeat.policyID {
            expect(
                after.policies[id]?.teamID == heartbeat.teamID, "policy_id",
                "There is no escalation policy “\(id)” of this team.")
        }
        switch heartbeat.rhythm {
        case .every(let period):
            expect(
                period >= limits.shortestPeriod && period <= limits.longestPeriod, "period_seconds",
                "A period lasts 10 seconds to 400 days.")
        case .cron(_, let zone): timeZone(zone)
        }
        expect(
            heartbeat.grace >= limits.shortestGrace && heartbeat.grace <= limits.longestGrace, "grace_seconds",
            "A grace lasts 1 second to 30 days.")
    }

    mutating func check(_ window: MaintenanceWindow) {
        let limits = MaintenanceWindow.Limits.self
        name(window.name)
        team(window.teamID)
        expect(window.sources.count <= limits.sources, "sources", "Name at most \(limits.sources) sources.")
        for source in window.sources.sorted() {
            expect(
                after.source(source)?.teamID == window.teamID, "sources",
                "There is no alert source or heartbeat “\(source)” of this team.")
        }
        expect(
            window.labels.count <= limits.labels && !window.labels.keys.contains(""), "labels",
            "Name at most \(limits.labels) labels.")
        switch window.span {
        case .once(let from, let to):
            expect(from < to, "ends_at", "It ends after it begins.")
            expect(to - from <= limits.longest, "ends_at", "A window lasts at most 90 days.")
        case .weekly(let weekly):
            timeZone(weekly.timeZone)
            weekdays(weekly.weekdays, "weekdays")
            hours(from: weekly.fromMinute, to: weekly.toMinute, "from")
        }
    }
}
