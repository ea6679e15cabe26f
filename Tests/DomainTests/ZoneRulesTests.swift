import Foundation
import TestSupport
import Testing

@testable import Domain

@Suite struct ZoneRulesTests {
    /// Prints offsets of all zones at many instants, by Python's own reader of the same files.
    private static let script = """
        import datetime, pathlib, random, zoneinfo
        numbers = random.Random(7)
        lines = pathlib.Path("/usr/share/zoneinfo/zone1970.tab").read_text().splitlines()
        names = [line.split("\\t")[2] for line in lines if not line.startswith("#")]
        for name in names + ["UTC", "Etc/GMT+5", "Europe/Kiev", "Asia/Calcutta", "US/Pacific"]:
            zone = zoneinfo.ZoneInfo(name)
            instants = [numbers.randrange(0, 7_000_000_000) for _ in range(60)]
            for instant in instants:
                moment = datetime.datetime.fromtimestamp(instant, datetime.timezone.utc).astimezone(zone)
                print(name, instant, int(moment.utcoffset().total_seconds()))
        """

    @Test func `offsets are those of another reader of the time zone database`() throws {
        let process = Process()
        let output = Pipe()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = ["python3", "-c", ZoneRulesTests.script]
        process.standardOutput = output
        try process.run()
        let text = String(decoding: try output.fileHandleForReading.readToEnd() ?? Data(), as: UTF8.self)
        process.waitUntilExit()
        var count = 0
        var wrong: [Substring] = []
        for line in text.split(separator: "\n") {
            let parts = line.split(separator: " ")
            let clock = try #require(LocalClock(String(parts[0])), "\(parts[0])")
            if clock.offset(at: Int64(parts[1]) ?? 0) != Int64(parts[2]) { wrong.append(line) }
            count += 1
        }
        #expect(wrong == [])
        #expect(count > 10_000)
    }

    @Test(arguments: [
        ("EST5EDT,M3.2.0,M11.1.0", "2040-03-11T06:59:59Z", -5), ("EST5EDT,M3.2.0,M11.1.0", "2040-03-11T07:00:00Z", -4),
        ("EST5EDT,M3.2.0,M11.1.0", "2040-11-04T05:59:59Z", -4), ("EST5EDT,M3.2.0,M11.1.0", "2040-11-04T06:00:00Z", -5),
        // The hours may leave the day.
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2040-03-22T23:59:59Z", 2),
        ("IST-2IDT,M3.4.4/26,M10.5.0", "2040-03-23T00:00:00Z", 3),
        // South of the equator, summer goes on over New Year.
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2040-01-01T00:00:00Z", 11),
        ("AEST-10AEDT,M10.1.0,M4.1.0/3", "2040-07-01T00:00:00Z", 10),
        // Ireland's winter is the exception.
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2040-01-01T00:00:00Z", 0),
        ("IST-1GMT0,M10.5.0,M3.5.0/1", "2040-07-01T00:00:00Z", 1),
        // Days of the year, with and without 29 February.
        ("XXX3YYY,J60/0,J300/0", "2040-03-01T03:00:00Z", -2), ("XXX3YYY,J60/0,J300/0", "2040-03-01T02:59:59Z", -3),
        ("XXX3YYY,59/0,300/0", "2040-02-29T03:00:00Z", -2), ("XXX3YYY,59/0,300/0", "2040-02-29T02:59:59Z", -3),
        // Summer all year.
        ("XXX3EDT4,0/0,J365/23", "2040-01-01T00:00:00Z", -4), ("XXX3EDT4,0/0,J365/23", "2040-12-31T23:00:00Z", -4),
        ("<-03>3", "2040-07-01T00:00:00Z", -3), ("<+0530>-5:30", "2040-07-01T00:00:00Z", 5),
        ("UTC0", "9999-12-31T23:59:59Z", 0),
    ])
    func `a yearly rule`(rule: String, instant: String, hours: Int64) throws {
        let rule = try #require(YearlyZoneRule(rule))
        let offset = rule.offset(at: try #require(Timestamp(rfc3339: instant)).seconds)
        #expect(offset.flooredQuotient(by: 3600) == hours)
    }

    @Test(arguments: [
        "", "A1", "EST", "EST5EDT,M3.2.0", "EST5EDT,M13.2.0,M11.1.0", "EST5EDT,M3.6.0,M11.1.0", "EST5EDT,J0,J1",
        "EST5EDT,366,1",
        "EST168", "<-03", "EST5EDT,M3.2.0/168,M11.1.0", "EST5EDT,M3.2.0,M11.1.0 ", "EST5:60",
    ])
    func `invalid yearly rules are refused`(text: String) { #expect(YearlyZoneRule(text) == nil) }

    @Test func `a damaged zone file is refused without a crash`() throws {
        let bytes = Array(try Data(contentsOf: URL(filePath: "\(ZoneDatabase.folder)/Europe/Zagreb")))
        #expect(ZoneRules(tzif: bytes) != nil)
        for length in 0..<bytes.count { #expect(ZoneRules(tzif: Array(bytes.prefix(length))) == nil) }
        var numbers = SeededNumbers(seed: 5)
        for _ in 0..<2_000 {
            var damaged = bytes
            for _ in 0..<3 {
                damaged[Int.random(in: 0..<damaged.count, using: &numbers)] = .random(in: 0...255, using: &numbers)
            }
            _ = ZoneRules(tzif: damaged)?.offset(at: 1_800_000_000)
        }
    }

    @Test(arguments: [
        "", "/", "..", "../zoneinfo/UTC", "Europe", "Europe/", "/Europe/Zagreb", "Europe//Zagreb",
        "posix/Europe/Zagreb",
        "right/Europe/Zagreb", "zone.tab", "tzdata.zi", "Europe/Nowhere", "SystemV/EST5", "BST", "AST", "ACT", "ECT",
        "NST",
        "Europe/Zagreb\0", "./UTC", "UTC+2", "GMT-5", "é",
    ])
    func `names that are not time zones are refused`(name: String) { #expect(LocalClock(name) == nil) }
}
