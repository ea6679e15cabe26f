/// What runs beside the dispatch of pages, under the same lease.
package protocol DutyCompanion: Sendable {
    /// Runs until the lease ends or the task is cancelled.
    func run(under held: HeldLease) async
}
