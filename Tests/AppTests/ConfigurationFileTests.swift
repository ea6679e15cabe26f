import Formats
import Testing

@testable import App

@Suite struct ConfigurationFileTests {
    private func parsed(_ text: String) throws -> JSON { try JSONParser.parse(Array(text.utf8)) }

    @Test(arguments: [
        ("a: 1", #"{"a":1}"#), ("a: '1'", #"{"a":"1"}"#), ("a: 09:00", #"{"a":"09:00"}"#),
        ("a: 2026-03-01", #"{"a":"2026-03-01"}"#), ("a: no", #"{"a":"no"}"#), ("a: true", #"{"a":true}"#),
        ("a: ~", #"{"a":null}"#), ("a:", #"{"a":null}"#), ("a: [b, 'c d', 3]", #"{"a":["b","c d",3]}"#),
        ("a: +385915550101", #"{"a":"+385915550101"}"#), ("a: 012", #"{"a":"012"}"#), ("# x\na: 1 # y", #"{"a":1}"#),
        ("a:\n  - b: 1\n    c: 2\n  - d: {e: f}", #"{"a":[{"b":1,"c":2},{"d":{"e":"f"}}]}"#),
        (#"{"a": [1, {"b": "c"}]}"#, #"{"a":[1,{"b":"c"}]}"#), ("a: 1.5", #"{"a":1.5}"#),
    ])
    func `a file is read without YAML's surprises`(text: String, json: String) throws {
        let expected = try parsed(json)
        #expect(try ConfigurationFile.read(text) == expected)
    }

    @Test(arguments: ["", "a: [", "a: 1\na: 2", "a: &x [1]\nb: [*y]", "? [a]\n: b"])
    func `unreadable input is refused`(text: String) {
        #expect(throws: ConfigurationFile.Fault.self) { try ConfigurationFile.read(text) }
    }

    @Test func `aliases can't make a small file large`() {
        var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
        for level in 1..<10 {
            let previous = String(repeating: "*a\(level - 1), ", count: 9)
            text += "a\(level): &a\(level) [\(previous)*a\(level - 1)]\n"
        }
        #expect(throws: ConfigurationFile.Fault.self) { try ConfigurationFile.read(text) }
    }

    @Test(arguments: [
        #"{"version":1,"teams":[{"name":"Operations","members":["ada@example.com","bob@example.com"]},{"name":"B"}]}"#,
        ##"{"a":[],"b":{},"c":null,"d":[null,true],"e":"","f":"yes","g":"1","h":"09:00","i":"# x","j":"a: b","k":"- a"}"##,
        #"{"a":[[1,2],[{"b":[{"c":1}]}]],"it's":"line\nline","ž":"\"quoted\"","t":" padded "}"#,
    ])
    func `a written file is read back unchanged`(json: String) throws {
        let value = try parsed(json)
        #expect(try ConfigurationFile.read(ConfigurationFile.write(value)) == value)
    }

    @Test func `a file is easy to read`() throws {
        let json =
            #"{"version":1,"teams":[{"name":"Operations","members":["ada@example.com"],"default_policy":"On call"}]}"#
        let expected = """
            version: 1
            teams:
              - name: Operations
                members: [ada@example.com]
                default_policy: On call

            """
        let value = try parsed(json)
        #expect(ConfigurationFile.write(value) == expected)
    }
}
