package import Domain

/// What a webhook would get, written by the code that writes real messages.
package struct BodySample: Sendable, Hashable {
    /// As in the placeholder `{type}`.
    package let type: String
    package let body: String
}

extension MessageWriter {
    /// The bodies of a page about a made-up incident, and of the message with a code.
    ///
    /// - Parameter reader: whose time zone they have.
    package func bodies(of template: BodyTemplate, for reader: User, at now: Timestamp) -> [BodySample] {
        let incident = Incident.sample(at: now)
        let method = ContactMethod(id: "sample", userID: reader.id, channel: .webhook, address: "", body: template)
        let configuration = Configuration(
            users: [reader], teams: [Team(id: incident.teamID, name: "Operations")], contactMethods: [method],
            sources: [AlertSource(id: "sample", name: "Prometheus", teamID: incident.teamID)])
        let samples: [(String, Page.Purpose, [Incident])] = [
            ("incident", .incident(incident.id, cycle: 1, step: 0), [incident]),
            ("verification", .verification(text: "Your PagerPal code is 123456."), []),
        ]
        return samples.compactMap { type, purpose, incidents in
            let page = Page(
                id: "sample", purpose: purpose, userID: reader.id, contactMethodID: method.id, channel: .webhook,
                address: "", urgency: .high, dueAt: now)
            let message = try? message("sample", [page], incidents, configuration)
            return message?.body.map { BodySample(type: type, body: $0) }
        }
    }
}

extension PostComposer {
    /// The bodies of a post about a made-up incident, and of the message with a code.
    package func bodies(of template: BodyTemplate, at now: Timestamp) -> [BodySample] {
        let incident = Incident.sample(at: now)
        let channel = TeamChannel(
            id: "sample", teamID: incident.teamID, name: "", channel: .webhook, address: "", body: template)
        let configuration = Configuration(
            teams: [Team(id: incident.teamID, name: "Operations")],
            sources: [AlertSource(id: "sample", name: "Prometheus", teamID: incident.teamID)])
        let post = Post(
            channelID: channel.id, incidentID: incident.id, wanted: 1, attempts: 0, reference: nil, told: [])
        let samples = [
            ("update", message(for: post, incident, in: channel, configuration)),
            ("test", test("123456", for: channel, configuration)),
        ]
        return samples.compactMap { type, message in message.body.map { BodySample(type: type, body: $0) } }
    }
}
