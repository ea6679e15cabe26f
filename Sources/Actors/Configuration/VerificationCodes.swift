internal import Database
internal import Domain
internal import Store

/// The codes that prove that somebody reads at an address: each was sent there and is entered here.
struct VerificationCodes: Sendable {
    let store: Store
    let keys: KeyGenerator
    let time: TimeSource

    /// Makes a new code, which replaces an earlier one. Nil if that was made less than ``Verification/Limits/pause`` ago.
    func make(for holder: CodeHolder) async throws(DatabaseError) -> String? {
        let (code, now) = (keys.code(), time.now())
        let isKept = try await store.saveCode(
            hash: hash(of: code, holder), of: holder, until: now + Verification.Limits.lifetime,
            unlessMadeAfter: now - Verification.Limits.pause, lifetime: Verification.Limits.lifetime)
        return isKept ? code : nil
    }

    /// Uses up a try, and the code if it is right. Returns false for a code that is wrong, has expired, or was tried too
    /// often.
    func accept(_ text: String, for holder: CodeHolder) async throws(DatabaseError) -> Bool {
        let known = try await store.takeCodeTry(of: holder, limit: Verification.Limits.tries, at: time.now())
        guard let known, known == hash(of: text.filter { !$0.isWhitespace }, holder) else { return false }
        try await store.forgetCode(of: holder)
        return true
    }

    private func hash(of code: String, _ holder: CodeHolder) -> String { sha256("\(holder) \(code)") }
}
