import Testing

@testable import Formats
@testable import Integrations

@Suite struct RedactionTests {
    @Test(arguments: [
        (#"{"title": "x", "password": "hunter2"}"#, #"{"title": "x", "password": "•••"}"#),
        (#"{"API-Key" : 42, "a": 1}"#, #"{"API-Key" : "•••", "a": 1}"#),
        (#"{"token": {"name": "kept"}}"#, #"{"token": {"name": "kept"}}"#),
        (#"{"note": "the token: \"abc\""}"#, #"{"note": "the token: \"abc\""}"#),
        (#"{"secret": "a\"b", "c": 2}"#, #"{"secret": "•••", "c": 2}"#),
        ("title=x&api_key=abc&b=1", "title=x&api_key=•••&b=1"),
        (#"{"url": "https://example.com/?token=abc&x=1"}"#, #"{"url": "https://example.com/?token=•••&x=1"}"#),
        (#"{"password": "#, #"{"password": "#), (#"{"password": "cut"#, #"{"password": "•••""#),
        ("password=hunter2", "password=•••"), ("", ""), ("\"", "\""), ("=", "="),
    ])
    func `secrets are redacted by their member names`(body: String, kept: String) {
        #expect(Redaction.text(of: Array(body.utf8)) == kept)
    }

    @Test func `a known secret is redacted everywhere`() {
        let text = Redaction.text(of: Array("Bearer 0123456789 and 0123456789".utf8), without: ["0123456789", "a"])
        #expect(text == "Bearer ••• and •••")
    }
}
