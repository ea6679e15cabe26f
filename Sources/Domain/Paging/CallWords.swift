/// The words of calls in one language. They are for ears: with all their letters, and in whole sentences. What alerts
/// say is never translated.
package struct CallWords: Sendable {
    /// The language's tag.
    package let language: String
    private let severities: [Severity: String]
    /// `critical incident 7`, as the language orders it.
    private let incident: @Sendable (_ severity: String, _ number: String) -> String
    private let team, number: String
    package let possibleDuplicate: String
    /// Said before a drill whose template leaves out its title.
    package let drill: String
    /// How to acknowledge, at the end of what is said.
    package let pressOne: String
    /// Between the two times that a call says its text.
    package let again: String
    package let thanks, goodbye: String

    package func word(for severity: Severity) -> String { severities[severity] ?? severity.rawValue }

    /// `PagerPal. critical incident 7, team Operations: Disk full.`
    package func opening(of incident: Incident, team name: String, isPossibleDuplicate: Bool) -> String {
        var words = "PagerPal. \(self.incident(word(for: incident.severity), "\(incident.number)"))"
        if isPossibleDuplicate { words += " (\(possibleDuplicate))" }
        if !name.isEmpty { words += ", \(team) \(name)" }
        return "\(words): \(incident.title)."
    }

    /// The same words as a message template, to begin with.
    package var template: String { "PagerPal. \(incident("{severity}", "{number}")), \(team) {team}: {title}." }

    /// `PagerPal. 5 unacknowledged incidents. Number 1: Disk full. Number 2: …`
    ///
    /// - Parameters:
    ///   - named: those that are read aloud.
    ///   - count: of all of them.
    package func opening(of named: [Incident], count: Int) -> String {
        let lines = named.map { "\(number) \($0.number): \($0.title)." }
        return "PagerPal. \(Phrases.of(language).waiting(count)). \(lines.joined(separator: " "))"
    }

    /// Returns the words for a tag or a locale like `de-AT`. English for languages that are not known.
    package static func of(_ locale: String) -> CallWords {
        let language = Phrases.of(locale).language
        return all.first { $0.language == language } ?? english
    }

    package static let all = [english, german, croatian, spanish, french]

    package static let english = CallWords(
        language: "en", severities: [:], incident: { "\($0) incident \($1)" }, team: "team", number: "Number",
        possibleDuplicate: "possible duplicate", drill: "Drill", pressOne: "Press 1 to acknowledge.",
        again: "I repeat.", thanks: "Thank you.", goodbye: "Goodbye.")

    package static let german = CallWords(
        language: "de", severities: [.critical: "kritisch", .error: "Fehler", .warning: "Warnung", .info: "Info"],
        incident: { "Vorfall \($1), \($0)" }, team: "Team", number: "Nummer", possibleDuplicate: "vielleicht doppelt",
        drill: "Übung", pressOne: "Drücken Sie die 1, um zu übernehmen.", again: "Ich wiederhole.", thanks: "Danke.",
        goodbye: "Auf Wiederhören.")

    package static let croatian = CallWords(
        language: "hr",
        severities: [.critical: "kritično", .error: "greška", .warning: "upozorenje", .info: "informacija"],
        incident: { "Incident \($1), \($0)" }, team: "tim", number: "Broj", possibleDuplicate: "možda ponovljeno",
        drill: "Vježba", pressOne: "Pritisnite 1 za preuzimanje.", again: "Ponavljam.", thanks: "Hvala.",
        goodbye: "Doviđenja.")

    package static let spanish = CallWords(
        language: "es", severities: [.critical: "crítico", .error: "error", .warning: "aviso", .info: "información"],
        incident: { "Incidente \($1), \($0)" }, team: "equipo", number: "Número",
        possibleDuplicate: "posible duplicado", drill: "Simulacro", pressOne: "Pulse 1 para aceptarlo.",
        again: "Repito.", thanks: "Gracias.", goodbye: "Adiós.")

    package static let french = CallWords(
        language: "fr",
        severities: [.critical: "critique", .error: "erreur", .warning: "avertissement", .info: "information"],
        incident: { "Incident \($1), \($0)" }, team: "équipe", number: "Numéro", possibleDuplicate: "doublon possible",
        drill: "Exercice", pressOne: "Appuyez sur 1 pour le prendre en charge.", again: "Je répète.",
        thanks: "Merci.", goodbye: "Au revoir.")
}

/// What a call says: in the person's language, and in English for vendors that have no voice in it.
package struct Speech: Sendable, Hashable {
    /// The language's tag: `de`.
    package var language: String
    package var text: String
    package var english: String

    /// - Parameter english: nil if the text is English.
    package init(_ text: String, language: String = "en", english: String? = nil) {
        self.language = language
        self.text = text
        self.english = english ?? text
    }

    /// Returns the text and the words around it for a vendor.
    ///
    /// - Parameter languages: those in which the vendor has a voice, English among them.
    package func spoken(in languages: some Collection<String>) -> (text: String, words: CallWords) {
        languages.contains(language) ? (text, CallWords.of(language)) : (english, .english)
    }

    /// The same with both texts changed.
    package func mapped(_ change: (String) -> String) -> Speech {
        Speech(change(text), language: language, english: change(english))
    }
}
