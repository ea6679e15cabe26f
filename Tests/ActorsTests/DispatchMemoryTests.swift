import Domain
import Store
import Testing

@testable import Actors

@Suite struct DispatchMemoryTests {
    private let memory = DispatchMemory()

    private func message(_ pages: Int...) -> ClaimedMessage {
        let claimed = pages.map { number in
            let page = Page(
                id: PageID("page-\(number)"), purpose: .test, userID: "ada", contactMethodID: "mail", channel: .email,
                address: "", urgency: .high, dueAt: Timestamp(microseconds: 0))
            return ClaimedPage(page: page, cycle: 1, queuedAt: page.dueAt)
        }
        return ClaimedMessage(id: claimed[0].page.id.rawValue, pages: claimed, epoch: 1)
    }

    private func marks(_ message: ClaimedMessage) -> [Bool] {
        memory.marked(message).pages.map(\.page.isPossibleDuplicate)
    }

    @Test func `pages that have left are marked when they are claimed again, in whatever message`() {
        memory.noteLeft(message(1, 2))
        #expect(marks(message(1, 2)) == [true, true])
        #expect(marks(message(3, 2)) == [false, true])
        #expect(marks(message(3)) == [false])
    }

    @Test func `the oldest pages are forgotten`() {
        for number in 0...DispatchMemory.pageLimit { memory.noteLeft(message(number)) }
        #expect(!memory.hasLeft("page-0"))
        #expect(memory.hasLeft("page-1"))
        #expect(memory.hasLeft(PageID("page-\(DispatchMemory.pageLimit)")))
    }
}
