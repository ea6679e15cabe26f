import Providers
import Testing

@testable import App

@Suite struct EnvironmentFileTests {
    @Test(arguments: [
        ("A=1\nB=2\n", ["A": "1", "B": "2"]), ("A=1\r\nB=2\r\n", ["A": "1", "B": "2"]),
        ("\u{FEFF}A=1", ["A": "1"]), ("export A=1", ["A": "1"]), ("  A = 1  ", ["A": "1"]),
        ("# a comment\n\n   # another\nA=1", ["A": "1"]), ("A=1 # why", ["A": "1"]), ("A=1#2", ["A": "1#2"]),
        ("A=# nothing", ["A": ""]), ("A=", ["A": ""]), ("A=\"1 # 2\" # why", ["A": "1 # 2"]),
        ("A='1 \"2\"'", ["A": "1 \"2\""]), (#"A="a\"b\\c\n""#, ["A": #"a"b\c\n"#]), (#"A='a\b'"#, ["A": #"a\b"#]),
        ("A=\"\"", ["A": ""]), ("A=$HOME", ["A": "$HOME"]), ("A=it's", ["A": "it's"]), ("A=b=c", ["A": "b=c"]),
        ("A=ž", ["A": "ž"]), ("", [:]),
    ])
    func `files written by shells, Docker and editors are read`(text: String, expected: [String: String]) throws {
        let file = EnvironmentFile(Array(text.utf8))
        #expect(file.variables == expected)
        #expect(file.faults == [])
    }

    @Test func `UTF-16 with a byte order mark is read`() throws {
        let units = Array("A=1\r\nB=ž".utf16)
        var (little, big): ([UInt8], [UInt8]) = ([0xFF, 0xFE], [0xFE, 0xFF])
        for unit in units {
            little += [UInt8(unit & 0xFF), UInt8(unit >> 8)]
            big += [UInt8(unit >> 8), UInt8(unit & 0xFF)]
        }
        for bytes in [little, big] { #expect(EnvironmentFile(bytes).variables == ["A": "1", "B": "ž"]) }
    }

    @Test(arguments: [
        ("A=1\nSECRET\n", 2), ("A=1\n\n=2", 3), ("A B=1", 1), ("1A=1", 1), ("A-B=1", 1), ("A=\"1", 1), ("A='1\n2'", 1),
        ("A=\"1\" 2", 1), ("export A", 1), ("A=1\u{0}", 1), ("Ä=1", 1),
    ])
    func `anything else is refused by line number, without its text`(text: String, line: Int) throws {
        let faults = EnvironmentFile(Array(text.utf8)).faults
        #expect(faults.first?.line == line)
        let repeatsText = faults.contains { $0.description.contains("SECRET") }
        #expect(!repeatsText)
    }

    @Test func `a binary file is refused`() throws {
        #expect(EnvironmentFile([0x41, 0x3D, 0x0A, 0xFF, 0x0A]).faults.first?.line == 2)
        #expect(EnvironmentFile([0x41, 0, 0x3D, 0, 0x31, 0, 0x0A, 0]).faults.first?.line == 1)
        #expect(EnvironmentFile([UInt8](repeating: 0x23, count: EnvironmentFile.limit + 1)).faults.count == 1)
    }

    @Test func `the process environment takes precedence, and duplicate variables are reported`() throws {
        let file = EnvironmentFile(Array("SMTP_HOST=a\nSMTP_PORT=1\nSMTP_HOST=b".utf8))
        let environment = Environment(process: ["SMTP_PORT": "'2'", "SMTP_USER": ""], file: file)
        #expect(environment["SMTP_HOST"] == "b")
        #expect(environment["SMTP_PORT"] == "2")
        #expect(environment["SMTP_FROM"] == nil)
        let names = environment.warnings(known: Settings.variables).map { $0.variable }
        #expect(names == [".env, line 3"])
    }

    @Test func `unknown variables with our prefixes are reported with the likely name`() throws {
        let file = EnvironmentFile(Array("\nSMTP_PASWORD=x\nPATH=y".utf8))
        let environment = Environment(
            process: [
                "PAGERPAL_BASEURL": "x", "PAGERPAL_SERVICE_HOST": "x", "PAGERPAL_PORT_8000_TCP_ADDR": "x", "HOME": "x",
                "PAGERPAL_SERVICE_PORT_HTTP": "x", "PAGERPAL_TOKEN": "x", "INFOBIP_COLOUR": "x",
            ], file: file)
        let warnings = environment.warnings(known: Settings.variables)
        let names = warnings.map { $0.variable }
        #expect(names == ["INFOBIP_COLOUR", "PAGERPAL_BASEURL", "SMTP_PASWORD (.env, line 2)"])
        #expect(warnings[0].advice == "there is no such setting; remove it, or look at .env.example")
        #expect(warnings[1].advice == "there is no such setting; did you mean PAGERPAL_BASE_URL?")
        #expect(warnings[2].advice == "there is no such setting; did you mean SMTP_PASSWORD?")
    }

    @Test func `every setting is known, also of providers that are not set up`() throws {
        let some = ["ENVIRONMENT", "PAGERPAL_PORT", "SMTP_BURST", "INFOBIP_WHATSAPP_TEMPLATE", "LOG_FORMAT"]
        #expect(Settings.variables.isSuperset(of: some))
    }
}
