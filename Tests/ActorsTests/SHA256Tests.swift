import Actors
import Testing

/// The vectors are those of FIPS 180-2.
@Test func `the hash of a key is lower-case hex of 64 digits`() {
    #expect(sha256("abc") == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad")
    #expect(sha256("") == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
}
