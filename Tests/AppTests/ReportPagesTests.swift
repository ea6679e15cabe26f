import Domain
import Providers
import TestSupport
import Testing

@testable import App

@Suite(.serialized)
struct ReportPagesTests {
    @Test(arguments: TestDatabase.kinds)
    func `the reports count what happened, by severity, source, person and night`(_ kind: TestDatabase) async throws {
        // In Ada's time zone it is 23:30 at the start.
        try await TestApp.run(kind, team: { $0.users[0].timeZone = "Australia/Sydney" }) { app in
            app.time.advance(by: .minutes(30))
            try await app.alert(#"{"title": "Disk <b>full</b>", "external_id": "a"}"#)
            // Two at once would be bundled into one message.
            try await app.settle()
            try await app.alert(#"{"title": "Slow", "external_id": "b", "severity": "warning"}"#)
            try await app.expectPages(["email ada@example.com", "email ada@example.com"])
            app.time.advance(by: .minutes(3))
            for number in [1, 2] { try await app.act("acknowledge", on: number) }
            app.time.advance(by: .minutes(17))
            try await app.act("resolve", on: 1)
            let browser = try await Browser.signedIn(as: "cleo", app)
            try await browser.visit("/reports")
            let page = await browser.page
            #expect(page.contains("<b>2</b><span>incidents</span></a>"))
            #expect(page.contains("<b>3 min</b><span>mean time to acknowledge</span>"))
            #expect(page.contains("<b>20 min</b><span>mean time to resolve</span>"))
            #expect(page.contains("<b>2</b><span>of them between 22 and 7</span>"))
            #expect(page.contains("<title>Wed 4 Mar 2026: 1 critical, 1 warning</title>"))
            #expect(page.contains(/<span>Prometheus<\/span><span><a href="[^"]+"><b>2<\/b><\/a>/))
            #expect(page.contains("<td>Australia/Sydney<td>"))
            try await browser.visit("/reports?days=7&team=team-other")
            #expect(await browser.page.contains("No incident was opened in this time."))
            #expect(await browser.page.contains("<option value=\"team-other\" selected>Other</option>"))
            #expect(await browser.page.contains("href=\"/reports/incidents.csv?days=7&amp;team=team-other\""))
        }
    }

    @Test
    func `each report is exported as CSV without formulas`() async throws {
        try await TestApp.run(
            .sqliteMemory,
            team: { team in
                team.source.name = "=HYPERLINK(\"x\"), \"quoted\""
                team.users[0].timeZone = "Australia/Sydney"
            }
        ) { app in
            app.time.advance(by: .minutes(30))
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages(["email ada@example.com"])
            app.time.advance(by: .seconds(90))
            try await app.act("acknowledge")
            let browser = try await Browser.signedIn(as: "cleo", app)
            try await browser.visit("/reports/incidents.csv?days=7")
            #expect(await browser.headers["content-type"] == "text/csv; charset=utf-8")
            let lines = await browser.page.split(separator: "\r\n").map { String($0) }
            #expect(lines.count == 8)
            #expect(lines[0] == "Time,critical,error,warning,info,all,to acknowledge,to resolve")
            #expect(lines[1] == "Thu 26 Feb 2026,0,0,0,0,0,,")
            #expect(lines[7] == "Wed 4 Mar 2026,1,0,0,0,1,90,")
            try await browser.visit("/reports/sources.csv")
            #expect(await browser.page == "Source,Incidents\r\n\"'=HYPERLINK(\"\"x\"\"), \"\"quoted\"\"\",1\r\n")
            try await browser.visit("/reports/nights.csv")
            #expect(await browser.page == "Person,Time zone,Between 22 and 7,all\r\nAda,Australia/Sydney,1,1\r\n")
            try await browser.visit("/reports/pages.csv")
            #expect(await browser.page.hasSuffix("Ada,Australia/Sydney,\(String(repeating: "0,", count: 23))1,1\r\n"))
            #expect(try await browser.visit("/reports/passwords.csv") == 404)
            #expect(try await browser.visit("/reports/pages") == 404)
        }
    }

    @Test(arguments: [("7", 7), ("30", 30), ("91", 13), ("365", 12), ("nonsense", 30)])
    func `longer spans have longer periods and end today`(days: String, count: Int) async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "cleo", app)
            try await browser.visit("/reports/incidents.csv?days=\(days)")
            let lines = await browser.page.split(separator: "\r\n")
            #expect(lines.count == count + 1)
            let last = [
                "7": "Wed 4 Mar 2026", "30": "Wed 4 Mar 2026", "91": "Week of Mon 2 Mar 2026", "365": "Mar 2026",
            ]
            #expect(lines.last?.hasPrefix(last[days] ?? "Wed 4 Mar 2026") == true)
        }
    }
}
