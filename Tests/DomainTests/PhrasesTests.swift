import Testing

@testable import Domain

@Suite struct PhrasesTests {
    @Test(arguments: [
        ("en", "en"), ("de-AT", "de"), ("hr-HR", "hr"), ("es_MX", "es"), ("FR", "fr"), ("ja", "en"), ("", "en"),
    ])
    func `a locale has its language, or English`(locale: String, language: String) {
        #expect(Phrases.of(locale).language == language)
    }

    /// One letter of another alphabet would cut a text message to 70 characters.
    @Test(arguments: Phrases.all.map(\.language))
    func `the words of text messages are GSM 7-bit`(language: String) {
        let phrases = Phrases.of(language)
        for severity in Severity.allCases { #expect(SMSText.isGSM(phrases.word(for: severity).uppercased())) }
        #expect(SMSText.isGSM(phrases.acknowledgeShort + phrases.possibleDuplicate))
        #expect(SMSText.isGSM(phrases.waiting(5)))
    }

    @Test(arguments: Phrases.all.map(\.language))
    func `numbers stand in their places`(language: String) {
        let phrases = Phrases.of(language)
        for words in [
            phrases.alertsSoFar(1), phrases.alertsSoFar(7), phrases.waiting(7), phrases.firing(1, of: 7),
            phrases.more(7),
        ] {
            #expect(!words.contains("{"))
            #expect(words.contains("7") || words.contains("1"))
        }
    }

    @Test func `English has one form for one and one for several`() {
        #expect(Phrases.english.alertsSoFar(1) == "1 alert so far")
        #expect(Phrases.english.alertsSoFar(2) == "2 alerts so far")
        #expect(Phrases.english.word(for: .critical) == "critical")
    }
}
