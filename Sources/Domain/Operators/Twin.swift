/// Another PagerPal, elsewhere and with other vendors, which this one watches. If the other goes quiet, this one pages.
package enum Twin {
    /// The source of the incident about it. It has no key, so nothing from outside can use it.
    package static let sourceID: SourceID = "twin"
    package static let kind = "twin"
    /// There is one incident about it at a time.
    package static let key = DedupKey("twin")
    /// How many looks in a row must fail, so that one lost answer pages nobody.
    package static let tolerance = 2
    /// How long a due page may wait there.
    package static let longestWait: Duration = .seconds(90)
    /// A fault that lasts is told again after this time. It then counts in the open incident, or opens another one if
    /// somebody resolved that.
    package static let reminder: Duration = .minutes(30)

    package static func source(of team: TeamID) -> AlertSource {
        AlertSource(id: sourceID, name: "Twin", kind: kind, teamID: team, reopenWindow: .minutes(15))
    }

    /// - Parameters:
    ///   - url: the twin's base URL.
    ///   - since: when the fault was first seen.
    package static func event(_ fault: TwinFault, of url: String, since: Timestamp) -> AlertEvent {
        AlertEvent(
            title: fault.title(host(of: url), since: since), text: fault.advice(url), severity: .critical,
            dedupKey: key, links: [Link(title: "The other PagerPal", url: url)].compactMap(\.self),
            labels: ["twin": host(of: url), "fault": fault.name])
    }

    package static func recovery(of url: String) -> AlertEvent {
        AlertEvent(
            status: .resolved, title: "The PagerPal at \(host(of: url)) is well again", severity: .critical,
            dedupKey: key)
    }

    /// `pager.example.com` of `https://pager.example.com/pager`, with a port if there is one.
    package static func host(of url: String) -> String {
        let rest = url.firstRange(of: "://").map { url[$0.upperBound...] } ?? url[...]
        return String(rest.prefix { $0 != "/" })
    }
}

/// What is wrong with a twin.
package enum TwinFault: Sendable, Hashable {
    /// It gives no answer, or one that is not a PagerPal's. The reason contains no secrets.
    case silent(reason: String)
    /// It answers that it can't work, in its own words.
    case unwell(String)
    /// It does not accept `TWIN_TOKEN`, so that only a part of it is watched.
    case tokenRefused(status: Int)
    /// No process performs these duties.
    case unheld(duties: [String])
    /// A page that was due has not been handed over for so long.
    case late(Duration)

    /// The same as long as it is the same fault.
    package var name: String {
        switch self {
        case .silent: "silent"
        case .unwell: "unwell"
        case .tokenRefused: "token refused"
        case .unheld(let duties): "no holder of \(duties.joined(separator: ", "))"
        case .late: "late"
        }
    }

    /// `The PagerPal at pager.example.com has not answered since 03:12 UTC`
    package func title(_ host: String, since: Timestamp) -> String {
        let time = "\(since.rfc3339.dropFirst(11).prefix(5)) UTC"
        return switch self {
        case .silent: "The PagerPal at \(host) has not answered since \(time)"
        case .unwell: "The PagerPal at \(host) says since \(time) that it can't work"
        case .tokenRefused: "The PagerPal at \(host) has refused TWIN_TOKEN since \(time)"
        case .unheld(let duties):
            "The PagerPal at \(host) has no holder of \(duties.joined(separator: " and of ")) since \(time)"
        case .late(let wait):
            "The PagerPal at \(host) has not handed over a page that has been due for \(wait.components.seconds) s"
        }
    }

    /// What was found, and what to do.
    package func advice(_ url: String) -> String {
        switch self {
        case .silent(let reason):
            "\(reason) Alerts that are sent there may page nobody. Look whether it runs, and whether \(url)/health answers."
        case .unwell(let words):
            "It says: \(words) Alerts that are sent there may be lost or page nobody. Look at its log."
        case .tokenRefused(let status):
            "It answered \(status), so its duties and its queue are not watched. Create a new token there with "
                + "pagerpal create-token --read-only, and set it here as TWIN_TOKEN."
        case .unheld:
            "It accepts alerts, but does not act on them. Look at its processes and at pagerpal doctor there."
        case .late:
            "Pages don't leave it. Look at its notifications and its settings page, which shows the providers."
        }
    }
}
