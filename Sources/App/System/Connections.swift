internal import HummingbirdCore
internal import Logging
internal import NIOCore
internal import NIOHTTPTypes
internal import Synchronization

/// Keeps the number of connections below a maximum, because a process that can open no more files can neither page nor
/// store. At the maximum, the connection that has been idle for the longest time is closed for the next one. If none
/// is idle, new connections wait.
final class Connections: AvailableConnectionsDelegate, Sendable {
    private struct State {
        var open = 0
        var idle: [ObjectIdentifier: (channel: any Channel, since: NIODeadline)] = [:]
        /// Whether a new connection waits until a busy one has ended.
        var isWaiting = false
        var saidAt: NIODeadline?

        mutating func takeOldest() -> (any Channel)? {
            guard let oldest = idle.min(by: { $0.value.since < $1.value.since }) else { return nil }
            idle[oldest.key] = nil
            return oldest.value.channel
        }
    }

    let maximum: Int
    private let state = Mutex(State())
    private let logger: Logger

    init(maximum: Int, logger: Logger) {
        self.maximum = maximum
        self.logger = logger
    }

    func connectionOpened() { state.withLock { $0.open += 1 } }

    func connectionClosed() { state.withLock { $0.open -= 1 } }

    func isAcceptingNewConnections() -> Bool {
        let now = NIODeadline.now()
        let (isFull, oldest, mustSay) = state.withLock { state -> (Bool, (any Channel)?, Bool) in
            state.isWaiting = false
            guard state.open >= maximum else { return (false, nil, false) }
            let oldest = state.takeOldest()
            state.isWaiting = oldest == nil
            let mustSay = state.saidAt.map { now - $0 >= .minutes(1) } ?? true
            if mustSay { state.saidAt = now }
            return (true, oldest, mustSay)
        }
        if mustSay {
            logger.warning(
                "the maximum of connections is reached; idle ones are closed for new ones",
                metadata: ["maximum": "\(maximum)", "advice": "raise the limit of open files, such as LimitNOFILE"])
        }
        oldest?.close(promise: nil)
        return !isFull
    }

    /// A connection that was just accepted waits for its first request. Its event loop may tell so after another one
    /// began to wait. Then the oldest idle connection gives way, unless this one is the only idle one.
    func began(_ channel: any Channel) {
        let oldest = state.withLock { state -> (any Channel)? in
            state.idle[ObjectIdentifier(channel)] = (channel, .now())
            guard state.isWaiting, state.idle.count > 1 else { return nil }
            state.isWaiting = false
            return state.takeOldest()
        }
        oldest?.close(promise: nil)
    }

    /// A connection has served a request. If another one waits, it gives way.
    func becameIdle(_ channel: any Channel) {
        let givesWay = state.withLock { state -> Bool in
            guard !state.isWaiting else {
                state.isWaiting = false
                return true
            }
            state.idle[ObjectIdentifier(channel)] = (channel, .now())
            return false
        }
        if givesWay { channel.close(promise: nil) }
    }

    func becameBusy(_ channel: any Channel) { state.withLock { $0.idle[ObjectIdentifier(channel)] = nil } }
}

/// Tells `Connections` when a connection serves a request and when it waits for the next one.
final class ConnectionActivity: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart

    private let connections: Connections

    init(_ connections: Connections) { self.connections = connections }

    func handlerAdded(context: ChannelHandlerContext) { connections.began(context.channel) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        if case .head = unwrapInboundIn(data) { connections.becameBusy(context.channel) }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        guard case .end = unwrapOutboundIn(data) else { return context.write(data, promise: promise) }
        let written = promise ?? context.eventLoop.makePromise()
        let (connections, channel) = (connections, context.channel)
        written.futureResult.whenSuccess { connections.becameIdle(channel) }
        context.write(data, promise: written)
    }

    func channelInactive(context: ChannelHandlerContext) {
        connections.becameBusy(context.channel)
        context.fireChannelInactive()
    }
}
