import Domain
import Store
import Testing

enum TestPages {
    static func page(_ channel: Channel, _ second: Int64) -> (Channel, Timestamp) {
        (channel, Timestamp(seconds: second))
    }

    static let due = PagesDue([page(.sms, 9), page(.email, 5), page(.sms, 7)]) ?? PagesDue(at: Timestamp(seconds: 0))
}

@Suite struct PagesDueTests {
    private let due = TestPages.due

    @Test func `pages concern the workers of their channels alone`() {
        #expect(due.earliest == Timestamp(seconds: 5))
        #expect(due.first(of: [.sms]) == Timestamp(seconds: 7))
        #expect(due.first(of: [.sms, .email, .voice]) == Timestamp(seconds: 5))
        #expect(due.first(of: [.voice]) == nil)
        #expect(PagesDue([]) == nil)
    }

    @Test func `pages of any channel concern all workers, also together with others`() {
        let any = PagesDue(at: Timestamp(seconds: 8))
        #expect(any.first(of: [.voice]) == Timestamp(seconds: 8))
        for both in [due.merged(with: any), any.merged(with: due)] {
            #expect(both.first(of: [.voice]) == Timestamp(seconds: 5))
        }
        let more = PagesDue([TestPages.page(.voice, 1), TestPages.page(.sms, 8)])
        let merged = [due, more].compactMap(\.self).merged
        #expect(merged?.first(of: [.voice]) == Timestamp(seconds: 1))
        #expect(merged?.first(of: [.sms]) == Timestamp(seconds: 7))
        #expect([PagesDue]().merged == nil)
    }

    @Test func `what the commit claimed concerns nobody here, and other processes as before`() throws {
        var claimed = due
        claimed.claimed = [.sms]
        #expect(claimed.first(of: [.sms]) == nil)
        #expect(claimed.first(of: [.sms, .email]) == Timestamp(seconds: 5))
        #expect(StoreEvent(text: StoreEvent.pages(claimed).text) == .pages(due))
        var any = PagesDue(at: Timestamp(seconds: 8))
        any.claimed = [.sms]
        #expect(any.first(of: [.sms]) == nil)
        #expect(any.first(of: [.sms, .voice]) == Timestamp(seconds: 8))
    }

    @Test func `a commit claims for the channels of which a page may leave by now`() {
        #expect(due.channels(of: [.email, .sms, .voice], by: Timestamp(seconds: 6)) == [.email])
        #expect(due.channels(of: [.email, .sms, .voice], by: Timestamp(seconds: 4)) == [])
        #expect(PagesDue(at: Timestamp(seconds: 8)).channels(of: [.voice], by: Timestamp(seconds: 8)) == [.voice])
    }

    @Test func `another version names the first instant alone, or channels that are unknown here`() throws {
        guard case .pages(let old) = try #require(StoreEvent(text: "pages 5000000")) else { return }
        #expect(old.first(of: [.voice]) == Timestamp(seconds: 5))
        guard case .pages(let new) = try #require(StoreEvent(text: "pages 5000000 sms=6000000 pigeon=5000000")) else {
            return
        }
        #expect(new.first(of: [.sms]) == Timestamp(seconds: 6))
        #expect(new.first(of: [.voice]) == nil)
        #expect(StoreEvent(text: "pages soon") == nil)
    }
}
