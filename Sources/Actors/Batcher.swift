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
    private let process: @Sendable ([Input]) async -> [Output]
    private var waiting: Deque<Waiting> = []
    private var isProcessing = false

    /// - Parameters:
    ///   - limit: the maximum number of inputs in one batch.
    ///   - process: returns one output for each input, in the same order.
    package init(limit: Int, process: @escaping @Sendable ([Input]) async -> [Output]) {
        self.limit = limit
        self.process = process
    }

    /// Returns the output for this input once its batch has been processed.
    package func submit(_ input: Input) async -> Output {
        if isProcessing {
            let turn = await withCheckedContinuation { waiting.append(Waiting(input: input, continuation: $0)) }
            if case .output(let output) = turn { return output }
        }
        isProcessing = true
        let followers = Array(waiting.prefix(limit - 1))
        waiting.removeFirst(followers.count)
        let outputs = await process([input] + followers.map(\.input))
        for (follower, output) in zip(followers, outputs.dropFirst()) {
            follower.continuation.resume(returning: .output(output))
        }
        if waiting.isEmpty {
            isProcessing = false
        } else {
            passLead()
        }
        return outputs[0]
    }

    /// Resumes the next leader and removes its input from the queue. The batcher stays busy until that leader is done.
    private func passLead() {
        waiting.removeFirst().continuation.resume(returning: .lead)
    }
}
