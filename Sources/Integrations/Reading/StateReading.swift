internal import Domain
internal import Formats

/// The state of a problem, wherever a sender says it: in a word, a number, a boolean, the presence of a time, or the title.
///
/// A recovery that is missed leaves an incident open that pages for nothing. A recovery that is imagined loses a page. So
/// the fields that mean the state come first, and the title last.
struct StateReading {
    private(set) var status = AlertEvent.Status.firing
    /// Whether anything said so.
    private(set) var isStated = false
    /// The word that said so, which may be a severity: `critical`, `degraded`.
    private(set) var word: String?
    private(set) var notes: [String] = []

    private let fields: Fields
    private let now: Timestamp

    init(_ fields: Fields, title: String, now: Timestamp) {
        (self.fields, self.now) = (fields, now)
        decide(title)
    }

    private mutating func decide(_ title: String) {
        let (said, isClear) = said()
        if let said, isClear || said != .firing { return state(said) }
        if presence() || flag() == true { return state(.resolved) }
        let event = event()
        if let event, event != .firing { return state(event) }
        let titled = TitleState(title)
        if said != nil || flag() == false {
            // “error” is the state, unless the title itself is marked as resolved.
            return state(titled.isMarked && titled.status == .resolved ? .resolved : .firing)
        }
        if let status = event ?? number() ?? titled.status { state(status) }
    }

    /// The same, for a state that something else says, like the color of a chat's message.
    func saying(_ status: AlertEvent.Status) -> StateReading {
        var other = self
        other.state(status)
        return other
    }

    private mutating func state(_ status: AlertEvent.Status) { (self.status, isStated) = (status, true) }
}

extension StateReading {
    /// Names of the state itself.
    static let states = [
        "status", "state", "alertstatus", "alertstate", "currentstate", "currentstatus", "newstate", "newstatus",
        "alerttransition",
        "transition", "eventstatus", "problemstatus", "incidentstatus", "monitorstatus", "checkstatus", "servicestate",
        "hoststate",
        "notificationtype", "messagetype", "eventaction", "alertevent", "statename", "statustext", "health",
    ]

    /// What the fields of the state say, and whether the word says it clearly: `firing`, not `critical`.
    private mutating func said() -> (AlertEvent.Status?, isClear: Bool) {
        var (doubtful, unclear): (AlertEvent.Status?, AlertEvent.Status?)
        var unknown: [String] = []
        for field in fields.all(named: Self.states) where field.depth <= 2 {
            guard let word = Self.word(in: field.value), Double(word) == nil, field.value.boolean == nil else {
                continue
            }
            guard let status = AlertEvent.Status(word: word) else {
                if field.depth == 0, word.utf8.count <= 80 {
                    unknown.append(
                        "“\(Clean.name(word))” (\(Clean.name(field.shown))) is not a known status. The alert counts as firing; write firing or resolved."
                    )
                }
                continue
            }
            self.word = self.word ?? word
            switch status {
            // `monitor.status: active` only says that it is watched.
            case .firing where field.depth > 0 || NameStyle.words(of: word).contains(where: Self.isUnclear):
                unclear = unclear ?? status
            // `status: success` may be about the request.
            case .resolved where ["ok", "success", "successful"].contains(word.lowercased()):
                doubtful = doubtful ?? status
            case .firing, .resolved, .acknowledged, .informational: return (status, true)
            }
        }
        if let doubtful { return (doubtful, true) }
        if unclear == nil { notes = unknown }
        return (unclear, false)
    }

    private static func isUnclear(_ word: String) -> Bool {
        switch StateWord(word) {
        case .bad, .thing: true
        case .over, .good, .firing, .acknowledged, .neutral, nil: false
        }
    }

    /// The word itself, or the one in an object: `state: {value: OK}`.
    static func word(in value: JSON) -> String? {
        if let text = value.text { return text }
        return value.text("value", "name", "state", "status", "text", "code", "label", "type", "current", "new", "id")
    }

    private static let ends = [
        "resolvedat", "resolvedon", "resolvedtime", "recoveredat", "closedat", "closedon", "clearedat", "endedat",
        "endsat",
        "endtime", "upat", "recoverytime", "resolvetime", "resolved", "recovered", "end", "timeresolved",
    ]

    /// Whether a time of the end is there, and not in the future: `resolved_at`.
    private func presence() -> Bool {
        fields.all(named: Self.ends).contains { field in
            guard field.depth <= 1, let instant = field.text.flatMap(Clean.instant) else { return false }
            return instant <= now + .minutes(5) || now.seconds == 0
        }
    }

    private static let good: Set<String> = [
        "resolved", "recovered", "ok", "up", "healthy", "passing", "passed", "success", "successful", "closed",
        "cleared",
        "over", "succeeded", "available", "reachable", "online", "alive",
    ]
    private static let bad: Set<String> = [
        "firing", "active", "down", "failure", "failed", "failing", "triggered", "alerting", "open", "unhealthy",
        "inalarm",
        "breached", "problem", "alarm", "alert", "firingalert", "unreachable", "offline",
    ]

    /// What a boolean says: true for over, false for firing, nil where none says anything.
    private func flag() -> Bool? {
        for field in fields.all where field.depth <= 1 {
            guard let flag = field.value.boolean,
                Double(field.value.text ?? "") == nil || field.value.text == "0" || field.value.text == "1"
            else { continue }
            // A number is a count more often than a flag: `failed: 1`.
            if case .number = field.value, !["up", "resolved", "ok", "firing", "recovered"].contains(field.base) {
                continue
            }
            if let isOver = Self.isOver(flag, named: field.base) { return isOver }
        }
        return nil
    }

    private static func isOver(_ flag: Bool, named name: String) -> Bool? {
        good.contains(name) ? flag : bad.contains(name) ? !flag : nil
    }

    /// Whether a boolean or a number in a field of this plain name says that the problem is over. Nil when it says nothing.
    static func isOver(_ word: String, named name: String) -> Bool? {
        let flag = JSON.string(word).boolean
        if let flag, let isOver = isOver(flag, named: name) { return isOver }
        guard ["state", "exitcode", "returncode", "exitstatus", "alertstate", "value"].contains(name) else {
            return nil
        }
        return Int(word) == 0 ? true : Int(word) == nil ? nil : false
    }

    private static let events = [
        "event", "eventtype", "eventname", "type", "alerttype", "action", "kind", "transition", "result", "outcome",
        "conclusion",
        "trigger", "message", "msg", "text", "reason", "color", "level", "severity", "priority", "alertlevel",
        "criticality",
    ]

    /// What an event or a severity says: `type: RECOVERY`, `event: up`, `severity: ok`. A recovery outweighs the others.
    private mutating func event() -> AlertEvent.Status? {
        var found: AlertEvent.Status?
        var isInformation = false
        for field in fields.all(named: Self.events) where field.depth <= 1 {
            guard let word = Self.word(in: field.value), word.utf8.count <= 60, Double(word) == nil else { continue }
            let isSentence = ["message", "msg", "text", "reason"].contains(field.full)
            guard !isSentence || NameStyle.words(of: word).count <= 2 else { continue }
            guard let status = AlertEvent.Status(word: word) else { continue }
            // `type: info` is a severity, and the sender's own word. “All fine” beside it is only what it has to say.
            if status == .informational {
                isInformation = isInformation || !isSentence
                continue
            }
            if isSentence, isInformation, !Self.saysOver(word) { continue }
            self.word = self.word ?? word
            if status == .resolved || status == .acknowledged { return status }
            found = found ?? status
        }
        return found
    }

    private static func saysOver(_ word: String) -> Bool {
        NameStyle.words(of: word).contains { if case .over? = StateWord($0) { true } else { false } }
    }

    /// Numbers of states: 0 is over. In a field `status` a number means too many
    /// things, except for the result of a check.
    private mutating func number() -> AlertEvent.Status? {
        for field in fields.all where field.depth <= 1 && field.path.count <= 3 {
            guard let number = field.value.integer, (0...5).contains(number) else { continue }
            let isCheck = ["check", "service", "result"].contains(field.parent)
            let isExit = ["exitcode", "returncode", "exitstatus", "retcode", "rc"].contains(field.full)
            if field.full == "status" && !isCheck {
                notes.append(
                    "The number \(number) in “\(Clean.name(field.shown))” does not say whether the problem is over. "
                        + "The alert counts as firing.")
                continue
            }
            guard
                isCheck && field.base == "status" || isExit
                    || ["state", "alertstate", "eventvalue"].contains(field.full)
            else {
                continue
            }
            // LibreNMS: 1 fires, 2 is acknowledged. Elsewhere 2 is critical.
            let isAcknowledged = number == 2 && field.full == "state" && fields.first(["deviceid"]) != nil
            return number == 0 ? .resolved : isAcknowledged ? .acknowledged : .firing
        }
        return nil
    }
}
