internal import CAssets

/// Whether a password of at least 12 characters is one of the first that are tried: a frequent one, a word that is written
/// twice, a row of keys, or one of these with digits behind it. Length matters more than kinds of characters (NIST SP
/// 800-63B, 3.1.1.2), so there are no rules about these.
func isCommon(_ password: String) -> Bool {
    let lower = password.lowercased()
    let word = String(lower.reversed().drop { !$0.isLetter }.reversed().map { substitutes[$0] ?? $0 })
    return Set(lower).count < 4 || isRepeated(lower)
        || [lower, word].contains { candidate in
            words.contains(candidate) || leaked.contains(candidate) || rows.contains { isPart(candidate, of: $0) }
                || isRepeated(candidate)
        }
}

private let substitutes: [Character: Character] = [
    "@": "a", "4": "a", "3": "e", "1": "i", "0": "o", "$": "s", "5": "s",
]

/// Words by which long frequent passwords begin or of which they consist, without the digits behind them.
private let words: Set<String> = [
    "", "password", "passwort", "passw", "passwordpassword", "mypassword", "thepassword", "newpassword", "letmein",
    "letmeinplease", "welcome", "welcometo", "changeme", "changemeplease", "changemenow", "administrator", "admin",
    "adminadmin", "superadmin", "rootroot", "pagerpal", "pagerduty", "opsgenie", "monitoring", "operations", "oncall",
    "iloveyou", "iloveyouso", "iloveyouforever", "qwerty", "qwertyuiop", "trustno", "trustnoone", "princess",
    "sunshine",
    "football", "baseball", "basketball", "superman", "spiderman", "starwars", "liverpool", "chocolate", "butterfly",
    "unicorn", "dragonball", "mustang", "michael", "jordan", "whatever", "computer", "internet", "samsung",
    "manchester",
    "correcthorsebatterystaple", "correct horse battery staple", "summer", "winter", "spring", "autumn", "secret",
    "secretsecret", "topsecret", "default", "company", "testtest", "testing", "temporary", "temppassword", "guest",
]

private let rows: [String] = [
    "01234567890123456789012345678901234567890", "98765432109876543210987654321098765432109",
    "qwertyuiopasdfghjklzxcvbnm",
    "qwertzuiopasdfghjklyxcvbnm", "abcdefghijklmnopqrstuvwxyz", "qazwsxedcrfvtgbyhnujmikolp",
]

private func isPart(_ text: String, of row: String) -> Bool { text.count >= 4 && row.contains(text) }

/// Whether a text is one short piece again and again: `abcabcabcabc`.
private func isRepeated(_ text: String) -> Bool {
    let all = Array(text)
    return (1...4).contains { length in
        all.count >= 3 * length && all.indices.allSatisfy { all[$0] == all[$0 % length] }
    }
}

/// Passwords that leaks contain often: those of six letters or more, which people lengthen by digits, and long ones.
private let leaked: Set<String> = {
    let bytes = UnsafeBufferPointer(start: pagerpal_passwords(), count: pagerpal_passwords_length())
    return Set(bytes.split(separator: UInt8(ascii: "\n")).map { String(decoding: $0, as: UTF8.self) })
}()
