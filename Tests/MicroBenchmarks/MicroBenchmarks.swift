/// What the parts of an alert's way cost: `scripts/bench micro`. It reaches into the modules, so a release build needs
/// `-enable-testing` and `MICRO`.
@main struct MicroBenchmarks {
    static func main() async throws {
        #if DEBUG || MICRO
        try decode()
        try decide()
        try encode()
        try render()
        try await commit()
        #else
        print("Build it with scripts/bench micro.")
        #endif
    }
}
