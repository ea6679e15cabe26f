import Testing

@testable import Actors

@Suite struct LeaseTermTests {
    /// Asked for at 100 s, for 5 s: good until 104.5 s, renewed at 102 s.
    private let term = LeaseTerm(asked: .seconds(100), length: .seconds(5), patience: .seconds(30))

    @Test func `a term ends a tenth before the database admits others`() {
        #expect(term.isGood(at: .milliseconds(104_499)))
        #expect(!term.isGood(at: .milliseconds(104_500)))
        #expect(term.next(at: .milliseconds(104_500)) == .stop)
    }

    @Test func `a term is renewed after two fifths of its length`() {
        #expect(term.next(at: .seconds(100)) == .wait(until: .seconds(102)))
        #expect(term.next(at: .milliseconds(101_999)) == .wait(until: .seconds(102)))
        #expect(term.next(at: .seconds(102)) == .renew)
    }

    @Test func `a renewal counts from before it was asked for`() {
        var term = term
        term.renewed(asked: .seconds(102))
        #expect(term.deadline == .milliseconds(106_500))
        #expect(term.next(at: .seconds(103)) == .wait(until: .seconds(104)))
    }

    @Test func `a renewal without an answer is tried again after 250 ms, and the deadline stays`() {
        var term = term
        term.renewalFailed(at: .seconds(103))
        #expect(term.next(at: .seconds(103)) == .wait(until: .milliseconds(103_250)))
        #expect(term.next(at: .milliseconds(103_250)) == .renew)
        #expect(term.deadline == .milliseconds(104_500))
    }

    @Test func `a short lease is retried sooner`() {
        var term = LeaseTerm(asked: .zero, length: .milliseconds(100), patience: .seconds(30))
        term.renewalFailed(at: .milliseconds(40))
        #expect(term.next(at: .milliseconds(40)) == .wait(until: .milliseconds(80)))
    }

    @Test func `an expired term never becomes valid again`() {
        var late = term
        late.renewed(asked: .seconds(105))
        #expect(late.next(at: .seconds(105)) == .stop)
        var ended = term
        ended.end()
        ended.renewed(asked: .seconds(101))
        #expect(ended.next(at: .seconds(101)) == .stop)
    }

    @Test func `a part that fails for too long ends the term, and success resets it`() {
        var term = LeaseTerm(asked: .seconds(100), length: .seconds(5), patience: .seconds(1))
        term.failed("clock", "first", at: .seconds(100))
        term.failed("clock", "again", at: .seconds(101))
        term.failed("dispatcher", "later", at: .milliseconds(101_500))
        #expect(
            term.next(at: .seconds(102))
                == .giveUp(LeaseTerm.Failure(part: "clock", reason: "again", since: .seconds(100))))
        // Renewals together with another lease do not put that off.
        term.renewed(asked: .seconds(102))
        #expect(
            term.next(at: .seconds(102))
                == .giveUp(LeaseTerm.Failure(part: "clock", reason: "again", since: .seconds(100))))
        for part in ["clock", "dispatcher"] { term.succeeded(part) }
        #expect(term.next(at: .seconds(102)) == .wait(until: .seconds(104)))
        #expect(term.next(at: .seconds(104)) == .renew)
    }
}
