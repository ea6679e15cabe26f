import Domain
import Providers
import Store
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

    @Test(arguments: TestDatabase.kinds)
    func `a report of an earlier span still counts what retention has deleted, and says so`(
        _ kind: TestDatabase
    ) async throws {
        // In Ada's time zone it is 17:45 at the start.
        try await TestApp.run(kind, team: { $0.users[0].timeZone = "Asia/Kathmandu" }) { app in
            try await app.alert(#"{"title": "Disk full"}"#)
            try await app.expectPages(["email ada@example.com"])
            app.time.advance(by: .minutes(4))
            try await app.act("acknowledge")
            app.time.advance(by: .minutes(6))
            try await app.act("resolve")
            app.time.advance(by: .days(380))
            var browser = try await Browser.signedIn(as: "cleo", app)
            func files() async throws -> [String] {
                var files: [String] = []
                for name in ["incidents", "pages", "sources", "nights"] {
                    try await browser.visit("/reports/\(name).csv?days=365&until=2026-03-04")
                    files.append(await browser.page)
                }
                return files
            }
            let before = try await files()
            #expect(before[0].contains("Mar 2026,1,0,0,0,1,240,600\r\n"))
            #expect(before[1].contains("Ada,Asia/Kathmandu,\(String(repeating: "0,", count: 17))1,"))
            app.time.advance(by: .days(30))
            while let count = try await app.assembly.store.prune(.usual, at: app.time.now), !count.isEmpty {}
            #expect(try await app.assembly.store.incident(number: 1) == nil)
            browser = try await Browser.signedIn(as: "cleo", app)
            #expect(try await files() == before)
            try await browser.visit("/reports?days=365&until=2026-03-04")
            let page = await browser.page
            #expect(page.contains("<b>1</b><span>incident</span></a>"))
            #expect(page.contains("<b>4 min</b><span>mean time to acknowledge</span>"))
            #expect(page.contains("<b>10 min</b><span>mean time to resolve</span>"))
            #expect(page.contains("1 of these incidents is deleted by now."))
            try await browser.visit("/reports?days=365")
            #expect(await !browser.page.contains("deleted by now"))
        }
    }

    @Test func `a report leads to the span before it and to the one after it, up to today`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let browser = try await Browser.signedIn(as: "cleo", app)
            /// The first and the last period, and the last days of the spans before and after.
            func span(_ query: String) async throws -> [String] {
                try await browser.visit("/reports/incidents.csv?\(query)")
                let lines = await browser.page.split(separator: "\r\n").map { $0.split(separator: ",")[0] }
                try await browser.visit("/reports?\(query)")
                let page = await browser.page
                let others = page.matches(of: /until=([0-9-]+)" rel="(prev|next)"/).map { "\($0.2) \($0.1)" }
                return [String(lines[1]), String(lines[lines.count - 1])] + others
            }
            // It is Wednesday, 4 March 2026.
            #expect(try await span("days=7") == ["Thu 26 Feb 2026", "Wed 4 Mar 2026", "prev 2026-02-25"])
            #expect(
                try await span("days=7&until=2026-02-25")
                    == ["Thu 19 Feb 2026", "Wed 25 Feb 2026", "prev 2026-02-18", "next 2026-03-04"])
            #expect(
                try await span("days=91&until=2025-11-05")
                    == ["Week of Mon 11 Aug 2025", "Week of Mon 3 Nov 2025", "prev 2025-08-10", "next 2026-02-08"])
            #expect(
                try await span("days=365&until=2024-02-10")
                    == ["Mar 2023", "Feb 2024", "prev 2023-02-28", "next 2025-02-28"])
            // A later day, and no day, mean today.
            for until in ["2026-03-05", "9999-12-31", "yesterday"] {
                #expect(
                    try await span("days=7&until=\(until)")
                        == ["Thu 26 Feb 2026", "Wed 4 Mar 2026", "prev 2026-02-25"])
            }
            #expect(try await span("days=365&until=0001-01-01").count == 4)
        }
    }
}
