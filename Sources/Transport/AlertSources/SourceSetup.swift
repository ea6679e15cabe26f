internal import Actors
package import Domain
internal import Formats
internal import HTTPTypes
internal import Integrations

extension Services {
    /// Returns the setup steps for the monitoring system.
    ///
    /// - Parameter key: nil if it is no longer known. The steps then show a placeholder.
    package func setup(of source: AlertSource, key: String?) -> [(text: String, code: String?)] {
        let sender = Integrations.all.first { $0.kind == source.kind }
        let url = address(of: source)
        return (sender?.setup(url: url, key: key ?? "YOUR_KEY") ?? []).map { ($0.text, $0.code) }
    }

    /// Sends an alert through the same path as the source's own.
    ///
    /// - Returns: the incident's number.
    package func sendTestAlert(from source: AlertSource) async throws -> Int {
        let event = AlertEvent(
            title: "Test alert from \(source.name)",
            text: "Somebody pressed “Send a test alert”. Nothing is wrong; acknowledge and resolve it.",
            severity: .critical, dedupKey: DedupKey("pagerpal-test-alert"))
        switch await ingest.receive([event], from: source)[0] {
        case .opened(let incident), .updated(let incident), .resolved(let incident): return incident.number
        case .ignored(let incident, let reason):
            guard let incident else { throw APIProblem(.conflict, "Not possible now", reason) }
            return incident.number
        case .failed(let reason): throw APIProblem.unavailable(reason)
        }
    }
}
