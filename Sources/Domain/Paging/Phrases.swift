/// The words of messages about incidents in one language. What alerts say is never translated.
///
/// The words of text messages use letters of GSM 7-bit only, because a single other letter would double their price.
package struct Phrases: Sendable {
    /// The language's tag, for HTML.
    package let language: String
    package let severities: [Severity: String]
    /// The button of a mail, and the short form before the link of a text message.
    package let acknowledge, acknowledgeShort, acknowledgeAll: String
    package let incident, severity, team, opened, alerts: String
    package let possibleDuplicate: String
    /// Said before a drill whose template leaves out its title.
    package let drill: String
    let oneAlert, manyAlerts, waitingIncidents, firingAlerts, moreIncidents: String

    package func word(for severity: Severity) -> String { severities[severity] ?? severity.rawValue }

    /// `1 alert so far`, `3 alerts so far`.
    package func alertsSoFar(_ count: Int) -> String {
        (count == 1 ? oneAlert : manyAlerts).replacing("{n}", with: "\(count)")
    }

    /// `5 unacknowledged incidents`.
    package func waiting(_ count: Int) -> String { waitingIncidents.replacing("{n}", with: "\(count)") }

    /// `2 of 5 alerts fire`.
    package func firing(_ count: Int, of all: Int) -> String {
        firingAlerts.replacing("{n}", with: "\(count)").replacing("{all}", with: "\(all)")
    }

    /// `… and 7 more`.
    package func more(_ count: Int) -> String { moreIncidents.replacing("{n}", with: "\(count)") }

    /// Returns the words for a locale like `de-AT`. English for languages that are not known.
    package static func of(_ locale: String) -> Phrases {
        let language = locale.prefix { $0 != "-" && $0 != "_" }.lowercased()
        return all.first { $0.language == language } ?? english
    }

    package static let all = [english, german, croatian, spanish, french]

    package static let english = Phrases(
        language: "en", severities: [:], acknowledge: "Acknowledge", acknowledgeShort: "Ack",
        acknowledgeAll: "Acknowledge all", incident: "Incident", severity: "Severity", team: "team", opened: "Opened",
        alerts: "Alerts", possibleDuplicate: "possible duplicate", drill: "Drill", oneAlert: "{n} alert so far",
        manyAlerts: "{n} alerts so far", waitingIncidents: "{n} unacknowledged incidents",
        firingAlerts: "{n} of {all} alerts fire", moreIncidents: "… and {n} more")

    static let german = Phrases(
        language: "de", severities: [.critical: "kritisch", .error: "Fehler", .warning: "Warnung", .info: "Info"],
        acknowledge: "Übernehmen", acknowledgeShort: "Übernehmen", acknowledgeAll: "Alle übernehmen",
        incident: "Vorfall", severity: "Schwere", team: "Team", opened: "Begonnen", alerts: "Meldungen",
        possibleDuplicate: "vielleicht doppelt", drill: "Übung", oneAlert: "bisher {n} Meldung",
        manyAlerts: "bisher {n} Meldungen",
        waitingIncidents: "{n} offene Vorfälle", firingAlerts: "{n} von {all} Meldungen bestehen",
        moreIncidents: "… und {n} weitere")

    static let croatian = Phrases(
        language: "hr",
        severities: [.critical: "kriticno", .error: "greska", .warning: "upozorenje", .info: "info"],
        acknowledge: "Preuzmi", acknowledgeShort: "Preuzmi", acknowledgeAll: "Preuzmi sve", incident: "Incident",
        severity: "Ozbiljnost", team: "tim", opened: "Početak", alerts: "Dojave", possibleDuplicate: "mozda ponovljeno",
        drill: "Vjezba",
        oneAlert: "dosad {n} dojava", manyAlerts: "dosad dojava: {n}", waitingIncidents: "Nepreuzeti incidenti: {n}",
        firingAlerts: "aktivnih dojava: {n} od {all}", moreIncidents: "… i još {n}")

    static let spanish = Phrases(
        language: "es",
        severities: [.critical: "critico", .error: "error", .warning: "aviso", .info: "info"],
        acknowledge: "Aceptar", acknowledgeShort: "Aceptar", acknowledgeAll: "Aceptar todos", incident: "Incidente",
        severity: "Gravedad", team: "equipo", opened: "Inicio", alerts: "Alertas",
        possibleDuplicate: "posible duplicado", drill: "Simulacro", oneAlert: "{n} alerta hasta ahora",
        manyAlerts: "{n} alertas hasta ahora", waitingIncidents: "{n} incidentes sin aceptar",
        firingAlerts: "{n} de {all} alertas activas", moreIncidents: "… y {n} más")

    static let french = Phrases(
        language: "fr",
        severities: [.critical: "critique", .error: "erreur", .warning: "avertissement", .info: "info"],
        acknowledge: "Prendre en charge", acknowledgeShort: "Prendre", acknowledgeAll: "Tout prendre en charge",
        incident: "Incident", severity: "Gravité", team: "équipe", opened: "Début", alerts: "Alertes",
        possibleDuplicate: "doublon possible", drill: "Exercice", oneAlert: "{n} alerte jusqu'ici",
        manyAlerts: "{n} alertes jusqu'ici",
        waitingIncidents: "{n} incidents en attente", firingAlerts: "{n} alertes actives sur {all}",
        moreIncidents: "… et {n} de plus")
}
