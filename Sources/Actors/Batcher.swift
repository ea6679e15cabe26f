internal import DequeModule

/// Collects the inputs that arrive while a batch is being processed and processes them as the next batch. Batches
/// never overlap. Under load the batches grow instead of the waiting times.
///
/// The batcher has no task of its own. A caller that finds it idle processes the batch, then passes the lead to the
/// first caller that is waiting. So no caller works for others for longer than one batch.
package actor Batcher<Input: Sendable, Output: Sendable> {
    private enum Turn { case output(Output), lead }
    private struct Waiting {
        let input: Input
        let continuation: CheckedContinuation<Turn, Never>
    }

    private let limit: Int
    private let gather: (@Sendable () async -> Void)?
    private let process: @Sendable ([Input]) async -> [Output]
    private var line = BatchLine<Waiting>()

    /// - Parameters:
    ///   - limit: the maximum number of inputs in one batch.
    ///   - gather: waits for inputs that are on their way, before each batch. Nil waits for none.
    ///   - process: returns one output for each input, in the same order.
    package init(
        limit: Int, gather: (@Sendable () async -> Void)? = nil,
        process: @escaping @Sendable ([Input]) async -> [Output]
    ) {
        self.limit = limit
        self.gather = gather
        self.process = process
    }

    /// Returns the output for this input once its batch has been processed.
    ///
    /// - Parameter arrived: called before a batch that is being gathered takes its inputs, this one among them.
    package func submit(_ input: Input, arrived: @Sendable () -> Void = {}) async -> Output {
        arrived()
        if !line.lead() {
            let turn = await withCheckedContinuation { line.join(Waiting(input: input, continuation: $0)) }
            if case .output(let output) = turn { return output }
        }
        await gather?()
        let followers = line.followers(atMost: limit - 1)
        let outputs = await process([input] + followers.map(\.input))
        for (follower, output) in zip(followers, outputs.dropFirst()) {
            follower.continuation.resume(returning: .output(output))
        }
        line.pass()?.continuation.resume(returning: .lead)
        return outputs[0]
    }
}

/// Who leads a batch and who waits for the next one, as a pure state. `Batcher` acts on it.
struct BatchLine<Element> {
    private var waiting: Deque<Element> = []
    private var isLed = false

    /// Takes the lead; false when somebody has it.
    mutating func lead() -> Bool {
        defer { isLed = true }
        return !isLed
    }

    mutating func join(_ element: Element) { waiting.append(element) }

    /// Those who go with the leader's batch, in the order in which they joined.
    mutating func followers(atMost limit: Int) -> [Element] {
        let followers = Array(waiting.prefix(limit))
        waiting.removeFirst(followers.count)
        return followers
    }

    /// The leader's batch is done.
    ///
    /// - Returns: the next leader, who has left the line; nil when nobody waits.
    mutating func pass() -> Element? {
        let next = waiting.popFirst()
        isLed = next != nil
        return next
    }
}
