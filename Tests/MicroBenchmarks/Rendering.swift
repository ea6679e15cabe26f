#if DEBUG || MICRO
import Domain
import TestSupport

@testable import Actors
@testable import Web

/// From an incident to a message, and from 50 incidents to a web page.
func render() throws {
    let sample = Sample()
    let incident = sample.opening().incident
    let writer = MessageWriter(
        acknowledgementLink: { "https://pager.example.com/a/\($0)" },
        incidentLink: { "https://pager.example.com/incidents/\($0)" })
    for channel in [Channel.sms, .email] {
        let page = Page(
            id: "page", purpose: .incident(incident.id, cycle: 1, step: 0), userID: "ada",
            contactMethodID: "mail-ada", channel: channel, address: "x", urgency: .high, dueAt: sample.now)
        try measure("render a message, \(channel.rawValue)") {
            try writer.message("message", [page], [incident], sample.configuration).text.utf8.count
        }
    }
    let reader = Reader(now: sample.now + .minutes(5), timeZone: "Europe/Zagreb")
    let frame = Frame(
        assets: Asset.frame, reader: reader, viewer: .init(name: "Ada", role: .responder), tokens: ["token"],
        sections: Set(Section.allCases))
    measure("render a page of 50 incidents") {
        let rows = (0..<50).map { _ in IncidentRow(incident, sample.configuration, reader) }
        let model = IncidentListView.Model(
            list: IncidentList(rows: rows, mayAct: true, back: "/incidents"), tab: .open,
            counts: IncidentCounts([:]), filter: FormInput(), teams: [], sources: [], isFresh: false)
        return frame.html(IncidentListView(model)).markup.utf8.count
    }
}
#endif
