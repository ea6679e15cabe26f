#if DEBUG || MICRO
/// Runs a body for about a second, in ten rounds, and prints the median of the rounds.
func measure(_ name: String, of count: Int = 1, _ body: () throws -> Int) rethrows {
    var (rounds, sum, times) = ([Double](), 0, 1)
    while try seconds({ for _ in 0..<times { sum &+= try body() } }) < 0.1 { times *= 2 }
    for _ in 0..<10 {
        rounds.append(try seconds { for _ in 0..<times { sum &+= try body() } } / Double(times * count))
    }
    report(name, rounds, sum)
}

/// The same for what waits.
func measure(_ name: String, of count: Int = 1, rounds: Int, _ body: () async throws -> Int) async rethrows {
    var (times, sum) = ([Double](), 0)
    for _ in 0..<rounds {
        let started = ContinuousClock.now
        sum &+= try await body()
        times.append((ContinuousClock.now - started) / .seconds(1) / Double(count))
    }
    report(name, times, sum)
}

private func seconds(_ body: () throws -> Void) rethrows -> Double {
    let started = ContinuousClock.now
    try body()
    return (ContinuousClock.now - started) / .seconds(1)
}

/// The sum is printed so that the compiler can't leave the work out.
private func report(_ name: String, _ rounds: [Double], _ sum: Int) {
    let median = rounds.sorted()[rounds.count / 2]
    print("\(name)\t\(Int((median * 1e9).rounded()))\t\(sum)")
}
#endif
