internal import DequeModule

/// Collects what arrives while a batch is being processed and processes it as the next batch, strictly one batch
/// after another. Under load batches grow instead of waiting times.
///
/// There is no task of its own: whoever arrives at an idle batcher processes, then hands the lead to the first
/// of those who arrived meanwhile, so that nobody works for others longer than one batch.
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
    ///   - limit: inputs of one batch.
    ///   - process: answers with one output for each input, in their order.
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

    /// The next leader's own input leaves the line; the batcher stays busy until it is done.
    private func passLead() {
        waiting.removeFirst().continuation.resume(returning: .lead)
    }
}
