internal import Domain

/// Writes metrics in Prometheus's text format
/// (https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format).
struct Exposition {
    enum Kind: String { case counter, gauge, histogram }

    struct Sample {
        /// Follows the metric's name: `_sum`, `_bucket`.
        var suffix = ""
        var labels: KeyValuePairs<String, String> = [:]
        var value: Double
    }

    static let mediaType = "text/plain; version=0.0.4; charset=utf-8"

    private(set) var text = ""

    /// Adds a metric with all of its samples.
    ///
    /// - Parameters:
    ///   - name: without the common prefix `pagerpal_`.
    ///   - help: one line.
    package mutating func add(_ name: String, _ kind: Kind, _ help: String, _ samples: [Sample]) {
        text += "# HELP pagerpal_\(name) \(help)\n# TYPE pagerpal_\(name) \(kind.rawValue)\n"
        for sample in samples {
            let labels = sample.labels.map { "\($0.key)=\"\(escaped($0.value))\"" }.joined(separator: ",")
            text += "pagerpal_\(name)\(sample.suffix)\(labels.isEmpty ? "" : "{\(labels)}") \(number(sample.value))\n"
        }
    }

    private func escaped(_ value: String) -> String {
        value.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n")
    }

    private func number(_ value: Double) -> String {
        Int(exactly: value).map { String($0) } ?? String(value)
    }
}

extension Duration {
    /// In seconds, as Prometheus expects.
    var inSeconds: Double { Double(microseconds) / 1_000_000 }
}
