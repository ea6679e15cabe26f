internal import Domain
internal import Formats

/// What is watched and where: the host, check, instance and so on of an alert without a key of its own.
struct Identity: Equatable {
    /// `host=db1`, in the order of the names.
    private(set) var parts: [String] = []
    /// Whether the parts say which problem it is, so that the title, which may vary, isn't needed.
    private(set) var isComplete = false

    init() {}

    init(_ parts: [(name: String, value: String)], isComplete: Bool = false) {
        let texts = parts.map { "\($0.name)=\($0.value.trimmingBlanks())" }
        self.parts = Set(texts).sorted()
        self.isComplete = isComplete && !parts.isEmpty
    }

    /// The parts among labels. Labels like `severity` and `value` change from one message to the next.
    static func parts(of labels: JSON?) -> [(name: String, value: String)] {
        (labels?.object?.members ?? []).compactMap { member in
            guard isName(NameStyle.plain(member.name)), let text = member.value.text else { return nil }
            return (name: NameStyle.plain(member.name), value: text)
        }
    }

    /// Whether a plain name is one of something that is watched.
    static func isName(_ name: String) -> Bool {
        names.contains(name) || checks.contains(name)
            || name.utf8.count > 5 && ["host", "hostname", "instance", "instanceid"].contains(where: name.hasSuffix)
    }

    /// Names of checks and rules. With a host they say which problem it is.
    static let checks: Set<String> = [
        "check", "checkname", "service", "servicename", "monitor", "monitorname", "rule", "rulename", "ruleid",
        "alertname",
        "chart", "test", "testname", "finding", "findingid", "findingarn", "contributor", "job", "jobname", "task",
        "taskname",
        "reason", "sensor", "probe", "metric", "metricname", "trigger", "triggerid", "plugin",
    ]

    private static let names: Set<String> = [
        "host", "hostname", "hostid", "instance", "node", "nodename", "server", "servername", "machine", "vm", "device",
        "devicename", "deviceid", "address", "ip", "ipaddress", "fqdn", "domain", "site", "endpoint", "target",
        "resource",
        "resourceid", "resourcename", "object", "objectname", "entity", "entityname", "component", "app", "application",
        "process", "unit", "queue", "queuename", "topic", "database", "databasename", "db", "dbname", "table", "bucket",
        "disk",
        "volume", "mount", "mountpoint", "filesystem", "interface", "ifname", "port", "cluster", "clustername",
        "namespace",
        "pod", "podname", "container", "containername", "deployment", "statefulset", "daemonset", "workload", "project",
        "projectid", "environment", "env", "region", "zone", "availabilityzone", "tenant", "customer", "customerid",
        "location",
        "datacenter", "stack", "function", "functionname", "pipeline", "workflow", "repository", "branch",
        "certificate", "arn",
        "sysname", "ident", "partition", "shard", "replica", "group", "consumergroup", "subscriptionid", "accountid",
        "taskid",
        "jobid", "taskarn", "contributorid", "instanceid", "product", "scope", "store", "printer", "camera", "line",
        "room",
    ]
}
