internal import Domain
internal import Formats

/// Reads the API answers of one product into PagerPal's terms.
protocol SetupImporter {
    /// The product, in sentences.
    static var product: String { get }

    /// - Parameters:
    ///   - files: the JSON of each file.
    ///   - team: the team for what belongs to none.
    ///   - now: tells what is over.
    static func read(_ files: [JSON], team: String, at now: Timestamp) -> ImportedSetup
}

/// What all importers need.
enum Importing {
    /// The entries of a list, by the name that the product gives it: at the top, in `data`, `results` or `nodes`.
    static func list(_ name: String, in files: [JSON]) -> [JSON] {
        files.flatMap { file -> [JSON] in
            let root = file["data"]?.object == nil ? file : file["data"] ?? file
            let value = root[name] ?? .null
            return value.array ?? value["nodes"]?.array ?? value["results"]?.array ?? value["data"]?.array ?? []
        }
    }

    /// A number as its country code and digits: `+14155550100`.
    static func phone(_ text: String, country: String? = nil) -> String {
        let digits = ((country ?? "") + text).filter(\.isASCII).filter(\.isNumber)
        return "+\(digits)"
    }

    /// The length of a turn. Nil for one that is no whole number of hours.
    static func rotation(seconds: Int, handOff: Int) -> Schedule.Rotation? {
        for (unit, length) in [(Schedule.Rotation.Unit.week, 604_800), (.day, 86_400), (.hour, 3_600)]
        where seconds > 0 && seconds.isMultiple(of: length) {
            return Schedule.Rotation(unit, every: seconds / length, handOffMinute: handOff)
        }
        return nil
    }

    /// A local day and minute.
    static func local(_ instant: Timestamp, in zone: String) -> (day: CivilDate, minute: Int) {
        let clock = LocalClock(zone) ?? .utc
        return (clock.date(at: instant), clock.minute(at: instant))
    }

    /// Minutes since midnight of `08:30`, `08:30:00` or `08:30:00Z`.
    static func minute(_ text: String) -> Int? {
        let parts = text.split(separator: ":").prefix(2).compactMap { Int($0.prefix(2)) }
        return parts.count == 2 && (0...24).contains(parts[0]) && (0..<60).contains(parts[1])
            ? parts[0] * 60 + parts[1] : nil
    }

    /// Hours that begin on these days and last so long. What lasts a day or more becomes hours for each of its days.
    static func hours(days: [Int], from: Int, seconds: Int) -> [WeeklyHours] {
        var (left, begin, offset, found) = (seconds / 60, from, 0, [WeeklyHours]())
        while left > 0 {
            let length = left < 1_440 ? left : 1_440 - begin
            let weekdays = Set(days.compactMap { Weekday(rawValue: ($0 - 1 + offset) % 7 + 1) })
            let end = begin + length
            found.append(WeeklyHours(weekdays: weekdays, from: begin, to: end > 1_440 ? end - 1_440 : end))
            left -= length
            offset += end >= 1_440 ? 1 : 0
            begin = end % 1_440
        }
        return found
    }

    /// How long hours from one time of day to another last. The same time is a whole day later.
    static func seconds(from: Int, to: Int) -> Int { ((to - from + 1_439) % 1_440 + 1) * 60 }

    /// The first place with which a rotation has this place on call now. Nil when nobody is.
    static func firstPlace(of layer: ImportedSetup.Layer, active: Int, in zone: String, at now: Timestamp) -> Int? {
        let count = layer.participants.count
        let places = (0..<count).map { UserID(String($0)) }
        let whole = Schedule.Layer(name: "", participants: places, rotation: layer.rotation, start: layer.start)
        let schedule = Schedule(id: "", name: "", teamID: "", timeZone: zone, layers: [whole])
        guard let running = schedule.onCall(at: now).first.flatMap({ Int($0.rawValue) }) else { return nil }
        return ((active - running) % count + count) % count
    }

    /// The kind of an alert source by what the product calls an integration.
    static func kind(_ name: String) -> String {
        let name = name.lowercased()
        let known = [
            ("alertmanager", "alertmanager"), ("prometheus", "alertmanager"), ("grafana", "grafana"),
            ("cloudwatch", "cloudwatch"), ("amazonsns", "cloudwatch"), ("zabbix", "zabbix"), ("datadog", "datadog"),
            ("newrelic", "newrelic"), ("pingdom", "pingdom"), ("nagios", "nagios"), ("icinga", "nagios"),
            ("sentry", "sentry"), ("uptimerobot", "uptimerobot"), ("uptime_kuma", "uptime-kuma"),
            ("azure", "azure-monitor"), ("stackdriver", "gcp-monitoring"), ("google", "gcp-monitoring"),
            ("statuspage", "statuspage"), ("splunk", "splunk"), ("kapacitor", "kapacitor"),
            ("events_api_v2", "pagerduty"), ("generic_events_api", "pagerduty"),
        ]
        return known.first { name.contains($0.0) }?.1 ?? "generic"
    }

    static func target(_ type: String, _ name: String) -> JSON {
        .members([("type", .string(type)), ("name", .string(name))])
    }

    static func override(_ type: String, _ user: String, with: String? = nil, _ from: Timestamp, _ to: Timestamp)
        -> JSON
    {
        .members([
            ("type", .string(type)), ("user", .string(user)), ("with", with.map { .string($0) } ?? .null),
            ("from", .string(from.rfc3339)), ("to", .string(to.rfc3339)),
        ])
    }

    /// A name that may be stored.
    static func name(_ text: String?, _ fallback: String) -> String {
        let name = Clean.name(text ?? "")
        return name.isEmpty ? fallback : String(name.prefix(100))
    }
}

extension JSON {
    /// The first readable instant.
    func moment(_ paths: String...) -> Timestamp? {
        for path in paths {
            if let moment = at(path)?.text.flatMap(Clean.instant) { return moment }
        }
        return nil
    }
}
