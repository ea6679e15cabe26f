/// Random numbers that are the same for the same seed (SplitMix64, https://prng.di.unimi.it/splitmix64.c).
package struct SeededNumbers: RandomNumberGenerator {
    private var state: UInt64

    /// The seed is mixed first. Otherwise the numbers of the next seed would be the same ones, moved by one place.
    package init(seed: UInt64) { state = SeededNumbers.mixed(seed &* 0xD134_2543_DE82_EF95 &+ 1) }

    package mutating func next() -> UInt64 {
        state &+= 0x9E37_79B9_7F4A_7C15
        return SeededNumbers.mixed(state)
    }

    private static func mixed(_ number: UInt64) -> UInt64 {
        var mixed = number
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return mixed ^ (mixed >> 31)
    }
}
