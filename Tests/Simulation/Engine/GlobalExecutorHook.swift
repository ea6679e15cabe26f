import Glibc

/// Catches tasks that a library starts without an executor, such as those of ServiceLifecycle's cancellation handlers.
///
/// On a thread that runs a simulation they go to the node that started them. On all other threads nothing changes.
enum GlobalExecutorHook {
    private typealias Original = @convention(thin) (UnownedJob) -> Void
    private typealias Hook = @convention(thin) (UnownedJob, Original) -> Void

    private static let key: pthread_key_t = {
        var key = pthread_key_t()
        pthread_key_create(&key, nil)
        return key
    }()

    private static let isInstalled: Bool = {
        guard let symbol = dlsym(dlopen(nil, 0), "swift_task_enqueueGlobal_hook") else { return false }
        symbol.assumingMemoryBound(to: Hook?.self).pointee = { job, original in
            if let scheduler = GlobalExecutorHook.scheduler { scheduler.enqueue(job) } else { original(job) }
        }
        return true
    }()

    private static var scheduler: Scheduler? {
        pthread_getspecific(key).map { Unmanaged<Scheduler>.fromOpaque($0).takeUnretainedValue() }
    }

    static func install() { precondition(isInstalled, "Swift's runtime has no hook for its global executor") }

    static func enter(_ scheduler: Scheduler) {
        pthread_setspecific(key, Unmanaged.passUnretained(scheduler).toOpaque())
    }

    static func leave() { pthread_setspecific(key, nil) }
}
