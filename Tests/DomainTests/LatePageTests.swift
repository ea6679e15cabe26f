import Domain
import Testing

@Suite struct LatePageTests {
    @Test(
        arguments: [
            (
                .notBegun, false,
                "SMS to Ada takes long (6 s so far: the provider is pausing or busy, or has had many messages for this address); e-mail is next, at once"
            ),
            (
                .noAnswer, false,
                "SMS to Ada takes long (6 s so far: the provider has not answered); e-mail is next, at once"
            ),
            (
                .refused("Infobip asks to slow down (429)."), false,
                "SMS to Ada takes long (6 s so far: Infobip asks to slow down (429)); e-mail is next, at once"
            ),
            (
                .notBegun, true,
                "SMS to Ada would take long (the provider keeps messages waiting); e-mail is next, at once"
            ),
            (
                .noAnswer, true,
                "SMS to Ada would take long (the provider keeps messages waiting); e-mail is next, at once"
            ),
            (
                .refused("Infobip asks to slow down (429)."), true,
                "SMS to Ada would take long (Infobip asks to slow down (429)); e-mail is next, at once"
            ),
        ] as [(LatePage.Cause, Bool, String)])
    func `the timeline says why the next channel is tried, and after how long`(
        cause: LatePage.Cause, isForeseen: Bool, words: String
    ) {
        let page = LatePage(
            incidentID: "i", userID: "ada", channel: .sms, next: "p", nextChannel: .email, waited: .milliseconds(6_400),
            cause: cause, isForeseen: isForeseen)
        #expect(page.explanation(person: "Ada") == words)
    }

    @Test func `a failure that will most likely repeat is tried only twice`() {
        let policy = RetryPolicy()
        func tries(isDoubtful: Bool) -> Int {
            (1...9).first {
                policy.verdict(attempts: $0, retryAfter: nil, isDoubtful: isDoubtful, jitter: 0) == .giveUp
            } ?? 0
        }
        #expect(tries(isDoubtful: false) == 5)
        #expect(tries(isDoubtful: true) == 2)
    }
}
