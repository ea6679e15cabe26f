internal import Formats

/// What a twin answered to one request.
package struct TwinAnswer: Sendable {
    package let status: Int
    package let body: [UInt8]

    package init(status: Int, body: [UInt8]) {
        self.status = status
        self.body = body
    }

    fileprivate var json: JSON { (try? JSONParser.parse(body)) ?? .null }

    /// The limits of what is told of an answer, which comes from outside.
    fileprivate enum Limits {
        static let words = 500
        static let duties = 5
    }
}

extension TwinFault {
    /// Reads the answer to `GET /health`. Nil if the twin can work. What is not quite well is seen in its status.
    package init?(health answer: TwinAnswer) {
        let json = answer.json
        guard json["service"]?.text == "pagerpal" else {
            self = .silent(reason: "GET /health was answered with \(answer.status), and not by a PagerPal.")
            return
        }
        if answer.status == 200 { return nil }
        let problems = (json["problems"]?.array ?? []).compactMap(\.text)
        let words =
            problems.isEmpty
            ? "The database is \(json["database"]?.text ?? "not known")." : problems.joined(separator: " ")
        self = .unwell(String(Clean.title(words).prefix(TwinAnswer.Limits.words)))
    }

    /// Reads the answer to `GET /api/v1/status`. Nil if both duties are held and no page is late.
    package init?(status answer: TwinAnswer) {
        if [401, 403].contains(answer.status) {
            self = .tokenRefused(status: answer.status)
            return
        }
        let json = answer.json
        guard answer.status == 200, let duties = json["duties"]?.object, !duties.members.isEmpty else {
            self = .silent(reason: "GET /api/v1/status was answered with \(answer.status), and not by a PagerPal.")
            return
        }
        let unheld = duties.members.filter { $0.value["holder"]?.text == nil }.map { Clean.name($0.name) }
        if !unheld.isEmpty {
            // In the order in which incidents pass them.
            self = .unheld(duties: Array(unheld.sorted(by: >).prefix(TwinAnswer.Limits.duties)))
            return
        }
        // By its own clock, which may differ from ours. Versions before 0.2 don't say.
        if let now = json["now"]?.text.flatMap({ Timestamp(rfc3339: $0) }),
            let due = json["oldest_due_at"]?.text.flatMap({ Timestamp(rfc3339: $0) }), now - due > Twin.longestWait
        {
            self = .late(now - due)
            return
        }
        return nil
    }
}
