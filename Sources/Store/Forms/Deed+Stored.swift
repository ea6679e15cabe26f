internal import Domain
internal import Formats

/// `{"by": {…}, "done_at": …, "before": {…}, "after": {…}, "cycle_before": 1, "cycle_after": 2, "delay_ms": 0}`
extension Incident.Deed: StoredDocument {
    func write(to members: inout StoredMembers) {
        members.put("by", by)
        members.put("done_at", at)
        members.put("before", before)
        members.put("after", after)
        members.put("policy", policy)
        members.put("cycle_before", cycleBefore)
        members.put("cycle_after", cycleAfter)
        members.put("delay_ms", delay)
    }

    init(from members: StoredMembers) throws(StoredFault) {
        self.init(
            by: try members.get("by"), at: try members.get("done_at"), before: try members.get("before"),
            after: try members.get("after"), policy: try members.get("policy"),
            cycleBefore: try members.get("cycle_before"), cycleAfter: try members.get("cycle_after"),
            delay: try members.get("delay_ms"))
    }

    /// There are none from before documents had versions.
    static func fromSwiftCoding(_ old: JSON) throws(StoredFault) -> JSON { throw unknownCase("deed") }
}
