import TestSupport
import Testing

@testable import Domain

/// What people hear in a call.
@Suite struct CallWordsTests {
    private func incident(_ number: Int = 7, _ title: String = "Disk full on db-1") -> Incident {
        Incident(
            id: "incident", number: number, sourceID: "source", teamID: "team-ops", dedupKey: DedupKey("disk"),
            title: title, text: "", severity: .critical, links: [], labels: [:], policy: TestTeam().policy,
            state: .triggered(.exhausted), openedAt: TestTeam.start)
    }

    @Test(arguments: [
        (
            "en", "PagerPal. critical incident 7 (possible duplicate), team Operations: Disk full on db-1.",
            "PagerPal. 5 unacknowledged incidents. Number 7: Disk full on db-1. Number 8: Down.",
            "Press 1 to acknowledge. I repeat. Thank you. Goodbye."
        ),
        (
            "de", "PagerPal. Vorfall 7, kritisch (vielleicht doppelt), Team Operations: Disk full on db-1.",
            "PagerPal. 5 offene Vorfälle. Nummer 7: Disk full on db-1. Nummer 8: Down.",
            "Drücken Sie die 1, um zu übernehmen. Ich wiederhole. Danke. Auf Wiederhören."
        ),
        (
            "hr", "PagerPal. Incident 7, kritično (možda ponovljeno), tim Operations: Disk full on db-1.",
            "PagerPal. Nepreuzeti incidenti: 5. Broj 7: Disk full on db-1. Broj 8: Down.",
            "Pritisnite 1 za preuzimanje. Ponavljam. Hvala. Doviđenja."
        ),
        (
            "es", "PagerPal. Incidente 7, crítico (posible duplicado), equipo Operations: Disk full on db-1.",
            "PagerPal. 5 incidentes sin aceptar. Número 7: Disk full on db-1. Número 8: Down.",
            "Pulse 1 para aceptarlo. Repito. Gracias. Adiós."
        ),
        (
            "fr", "PagerPal. Incident 7, critique (doublon possible), équipe Operations: Disk full on db-1.",
            "PagerPal. 5 incidents en attente. Numéro 7: Disk full on db-1. Numéro 8: Down.",
            "Appuyez sur 1 pour le prendre en charge. Je répète. Merci. Au revoir."
        ),
    ])
    func `a call has its words in each language`(language: String, one: String, several: String, around: String) {
        let words = CallWords.of("\(language)-XX")
        #expect(words.language == language)
        #expect(words.opening(of: incident(), team: "Operations", isPossibleDuplicate: true) == one)
        #expect(words.opening(of: [incident(), incident(8, "Down")], count: 5) == several)
        #expect("\(words.pressOne) \(words.again) \(words.thanks) \(words.goodbye)" == around)
        #expect(!words.drill.isEmpty)
        for severity in Severity.allCases { #expect(!words.word(for: severity).isEmpty) }
    }

    @Test func `every language of the other words can be heard, and others are English`() {
        #expect(CallWords.all.map(\.language) == Phrases.all.map(\.language))
        #expect(CallWords.of("ja").language == "en" && CallWords.of("").language == "en")
        let plain = CallWords.english.opening(of: incident(), team: "", isPossibleDuplicate: false)
        #expect(plain == "PagerPal. critical incident 7: Disk full on db-1.")
    }

    @Test func `a vendor without a voice for the language says it in English`() {
        let speech = Speech("Vorfall", language: "de", english: "Incident")
        #expect(
            speech.spoken(in: ["en", "de"]).text == "Vorfall" && speech.spoken(in: ["en", "de"]).words.language == "de")
        #expect(speech.spoken(in: ["en"]).text == "Incident" && speech.spoken(in: ["en"]).words.language == "en")
        #expect(Speech("Code").spoken(in: ["en"]).text == "Code")
    }
}
