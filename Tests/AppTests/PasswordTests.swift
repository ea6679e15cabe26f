import Actors
import Domain
import Testing

struct PasswordTests {
    @Test(arguments: [
        "password1234", "P@ssw0rd2026!!", "123456789012", "qwertyuiop12", "aaaaaaaaaaaa", "abcabcabcabc",
        "letmein12345",
        "Administrator1", "correct horse battery staple", "passwordpassword", "PagerPal2026!", "111122223333",
    ])
    func `what is tried first is refused`(_ password: String) {
        #expect(PasswordHasher.fault(of: Secret(password)) != nil)
    }

    @Test(arguments: [
        "correct horse ada", "an entirely new horse", "ünïcödé wörds here", "thriceblessedwalrus", "t7!kQ9#zLp2@",
        "all lower case words", "password of my cat is fluffy",
    ])
    func `length counts, not kinds of characters`(_ password: String) {
        #expect(PasswordHasher.fault(of: Secret(password)) == nil)
    }
}
