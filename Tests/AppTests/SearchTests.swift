import Domain
import TestSupport
import Testing

@testable import App

/// The search of the incident list, and the lists behind the figures of reports.
@Suite(.serialized)
struct SearchTests {
    /// Three incidents on three days, all resolved.
    private func fill(_ app: TestApp) async throws {
        for (number, name) in ["Disk full", "Slow", "Cold"].enumerated() {
            try await app.alert(#"{"title": "\#(name)", "external_id": "\#(number)"}"#)
            try await app.act("resolve", on: number + 1)
            app.time.advance(by: .hours(24))
        }
        try await app.takePages()
    }

    private func titles(_ browser: Browser, _ path: some StringProtocol) async throws -> [String] {
        try await browser.visit(String(path))
        return await browser.page.matches(of: /id="open-\d+">([^<]+)</).map { String($0.1) }
    }

    @Test(arguments: TestDatabase.kinds)
    func `incidents are found by days, in fields and in words, and by number, with counts that follow`(
        kind: TestDatabase
    ) async throws {
        try await TestApp.run(kind) { app in
            try await fill(app)
            let browser = try await Browser.signedIn(as: "cleo", app)
            let list = "/incidents?state=all"
            for query in [
                "&since=2026-03-05&until=2026-03-05", "&q=after:2026-03-05+before:2026-03-06", "&q=%232", "&q=2",
                "&q=slow+after:2026-03-01", "&q=after:2026-03-01&since=2026-03-05&until=2026-03-05",
            ] {
                #expect(try await titles(browser, list + query) == ["Slow"], "\(query)")
                #expect(await browser.page.contains("All<span class=\"small\">1</span>"), "\(query)")
            }
            #expect(try await titles(browser, list + "&q=after:2026-03-05") == ["Cold", "Slow"])
            #expect(try await titles(browser, list + "&q=before:2026-03-05") == ["Disk full"])
            try await browser.visit(list + "&q=after:soon")
            #expect(await browser.page.contains("“soon” is not a day. Write it like 2026-11-01."))
        }
    }

    @Test func `many matches are counted up to a limit`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let alerts = (0..<210).map { #"{"title": "Disk \#($0) full", "external_id": "\#($0)"}"# }
            try await app.alert("[\(alerts.joined(separator: ","))]")
            try await app.takePages()
            let browser = try await Browser.signedIn(as: "cleo", app)
            #expect(try await titles(browser, "/incidents?state=all&q=disk").count == 20)
            #expect(await browser.page.contains("All<span class=\"small\">200+</span>"))
            #expect(try await titles(browser, "/incidents?state=all&q=DISK+77") == ["Disk 77 full"])
            #expect(await browser.page.contains("All<span class=\"small\">1</span>"))
        }
    }

    @Test func `the button that shows all keeps the search`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            try await fill(app)
            let browser = try await Browser.signedIn(as: "cleo", app)
            #expect(try await titles(browser, "/incidents?q=slow&severity=critical&since=2026-03-05") == [])
            let link = try #require(await browser.page.firstMatch(of: /href="([^"]+)">Show all/)).1
            #expect(link == "/incidents?state=all&amp;q=slow&amp;severity=critical&amp;since=2026-03-05")
            #expect(try await titles(browser, link.replacing("&amp;", with: "&")) == ["Slow"])
        }
    }

    @Test(arguments: TestDatabase.kinds)
    func `every figure of a report leads to the list that it counts`(kind: TestDatabase) async throws {
        try await TestApp.run(kind, team: { $0.users[0].timeZone = "Australia/Sydney" }) { app in
            app.time.advance(by: .minutes(30))
            try await app.alert(#"{"title": "Night", "external_id": "a"}"#)
            try await app.settle()
            try await app.act("resolve", on: 1)
            app.time.advance(by: .hours(12))
            try await app.alert(#"{"title": "Day", "external_id": "b", "severity": "warning"}"#)
            try await app.settle()
            try await app.act("resolve", on: 2)
            try await app.takePages()
            let browser = try await Browser.signedIn(as: "cleo", app)
            try await browser.visit("/reports?days=7&team=team-ops")
            let report = await browser.page
            let figures = report.matches(of: /href="([^"]+)"><b>(\d+)<\/b><span>(incidents|pages)</)
            #expect(figures.map { "\($0.2) \($0.3)" } == ["2 incidents", "2 pages"])
            #expect(try await titles(browser, figures[0].1.replacing("&amp;", with: "&")).count == 2)
            try await browser.visit(String(figures[1].1.replacing("&amp;", with: "&")))
            #expect(await browser.page.matches(of: /class="entry"/).count == 2)
            // Each number of the tables.
            for link in report.matches(of: /<td><a href="([^"]+)">(\d+)<\/a>/) {
                let (path, count) = (link.1.replacing("&amp;", with: "&"), Int(link.2))
                try await browser.visit(String(path))
                let rows = await browser.page.matches(of: /class="entry"|data-row/).count
                #expect(rows == count, "\(path)")
            }
            let night = try #require(
                report.firstMatch(of: /href="(\/notifications\?user=ada&amp;hours=22-[^"]+)"><b>1</)
            ).1
            try await browser.visit(String(night.replacing("&amp;", with: "&")))
            let log = await browser.page
            #expect(log.contains("Night") && !log.contains(">Day<"))
        }
    }
}
