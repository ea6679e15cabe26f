internal import CThreads
internal import Glibc

/// Runs a body on a thread of its own. The thread ends with the body.
func startThread(named name: String, _ body: @escaping @Sendable () -> Void) {
    var thread = pthread_t()
    let box = Unmanaged.passRetained(ThreadBody(name, body))
    let status = pthread_create(
        &thread, nil,
        { raw in
            if let raw { Unmanaged<ThreadBody>.fromOpaque(raw).takeRetainedValue().run() }
            return nil
        }, box.toOpaque())
    precondition(status == 0, "no thread could be started for \(name): error \(status)")
    pthread_detach(thread)
}

/// The object passed through pthread_create's pointer.
private final class ThreadBody: Sendable {
    private let name: String
    private let body: @Sendable () -> Void

    init(_ name: String, _ body: @escaping @Sendable () -> Void) {
        self.name = name
        self.body = body
    }

    func run() {
        cthreads_name_thread(name)
        body()
    }
}
