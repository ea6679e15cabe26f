internal import Actors
internal import Domain

/// Converts between a layer and the fields of its form.
struct LayerForm {
    /// The form of an existing layer.
    static func input(for layer: Schedule.Layer) -> FormInput {
        var values: [String: [String]] = [
            "name": [layer.name], "unit": [layer.rotation.unit.rawValue], "count": ["\(layer.rotation.count)"],
            "hand_off": [clockWords(layer.rotation.handOffMinute)], "start": ["\(layer.start)"],
            "end": [layer.end.map { "\($0)" } ?? ""],
        ]
        for (row, person) in layer.participants.enumerated() { values["place-\(row)"] = [person?.rawValue ?? "nobody"] }
        for (row, hours) in layer.restrictions.enumerated() {
            values["hours-\(row)-days"] = hours.weekdays.sorted().map { "\($0.rawValue)" }
            values["hours-\(row)-from"] = ["\(hours.from)"]
            values["hours-\(row)-to"] = ["\(hours.to)"]
        }
        return FormInput(values)
    }

    /// Identifies a layer's content, to detect that it changed since the form was shown.
    static func fingerprint(of layer: Schedule.Layer) -> String {
        let values = input(for: layer).values.sorted { $0.key < $1.key }
        return sha256(values.map { "\($0.key)=\($0.value.joined(separator: ","))" }.joined(separator: "\n"))
    }

    /// The typed layer, and the faults of unreadable input.
    private(set) var layer: Schedule.Layer
    private(set) var faults: [FieldFault] = []
    /// The form rows of the layer's participants and restrictions.
    private var placeRows: [Int] = []
    private var hourRows: [Int] = []

    init(_ form: FormInput) {
        layer = Schedule.Layer(
            name: form["name"].trimmingBlanks(), participants: [], rotation: .init(.week),
            start: CivilDate(daysSince1970: 0))
        readRotation(form)
        for row in 0..<form.rows("place-") {
            let value = form["place-\(row)"]
            guard !value.isEmpty else { continue }
            layer.participants.append(value == "nobody" ? nil : UserID(value))
            placeRows.append(row)
        }
        for row in 0..<form.rows("hours-") { readHours(form, row) }
    }

    private mutating func readRotation(_ form: FormInput) {
        layer.rotation.unit = Schedule.Rotation.Unit(rawValue: form["unit"]) ?? .week
        layer.rotation.count = Int(form["count"].trimmingBlanks()) ?? 0
        if let minute = minuteOfDay(typed: form["hand_off"]) {
            layer.rotation.handOffMinute = minute
        } else {
            faults.append(FieldFault("hand_off", "Write a time of day, like 09:00."))
        }
        if let start = day(form["start"]) {
            layer.start = start
        } else {
            faults.append(FieldFault("start", "Write a day, like 2026-03-01."))
        }
        let end = form["end"].trimmingBlanks()
        layer.end = day(end)
        if !end.isEmpty && layer.end == nil {
            faults.append(FieldFault("end", "Write a day, like 2026-03-01, or nothing."))
        }
    }

    /// Limits the year, because turns are counted one by one from the start date.
    private func day(_ text: String) -> CivilDate? {
        CivilDate(text.trimmingBlanks()).flatMap { (1970...2200).contains($0.year) ? $0 : nil }
    }

    private mutating func readHours(_ form: FormInput, _ row: Int) {
        let days = form.weekdays("hours-\(row)-days")
        let (from, to) = (minuteOfDay(typed: form["hours-\(row)-from"]), minuteOfDay(typed: form["hours-\(row)-to"]))
        if from == nil { faults.append(FieldFault("hours-\(row)-from", "Write a time of day, like 18:00.")) }
        if to == nil { faults.append(FieldFault("hours-\(row)-to", "Write a time of day, like 08:00.")) }
        guard let from, let to else { return }
        layer.restrictions.append(WeeklyHours(weekdays: days, from: from, to: to == 0 ? 1440 : to))
        hourRows.append(row)
    }

    /// The form field for a field of the layer at this index. Other fields keep their name.
    func field(_ name: String, ofLayer index: Int) -> String {
        let prefix = "layers[\(index)]."
        guard name.hasPrefix(prefix) else { return name }
        let rest = String(name.dropFirst(prefix.count))
        let number = rest.firstMatch(of: /\[(\d+)\]/).flatMap { Int($0.1) }
        if rest.hasPrefix("participants") {
            return number.flatMap { placeRows.indices.contains($0) ? "place-\(placeRows[$0])" : nil } ?? "places"
        }
        if rest.hasPrefix("restrictions") {
            guard let number, hourRows.indices.contains(number) else { return "restrictions" }
            return "hours-\(hourRows[number])-\(rest.hasSuffix("weekdays") ? "days" : "from")"
        }
        return switch rest {
        case "rotation.count": "count"
        case "rotation.hand_off": "hand_off"
        default: rest
        }
    }
}
