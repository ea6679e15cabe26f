package import HummingbirdCore
package import NIOCore
internal import NIOHTTPTypes
internal import Synchronization

/// Bounds what strangers can hold open: connections in all and from one address, and the time to send a request.
package struct ConnectionLimits: Sendable {
    /// Connections in all, so that memory stays for paging. The limit of open files may allow fewer.
    package var connections = 10_000
    /// Connections from one address, except those of trusted proxies. An IPv6 network of 64 bits counts as one address.
    package var connectionsPerAddress = 256
    /// How long a connection may take to send the head of its first request.
    package var headDeadline: Duration = .seconds(30)
    /// How long a connection may be open after a response until the head of its next request has arrived.
    package var idleDeadline: Duration = .seconds(120)
    /// How long a request may take from its head to the end of its body.
    package var bodyDeadline: Duration = .seconds(30)
    /// The bytes of all header fields together.
    package var headerBytes = 64 * 1_024

    package init() {}

    /// The server for requests. While a response is sent, as to a listener of live events, no deadline applies.
    ///
    /// - Parameters:
    ///   - isTrusted: whether an address belongs to a proxy, whose connections are those of many.
    ///   - handlers: further handlers of each connection.
    package func server(
        isTrusted: @escaping @Sendable (String) -> Bool,
        handlers: @autoclosure @escaping @Sendable () -> [any RemovableChannelHandler] = []
    ) -> HTTPServerBuilder {
        let count = ConnectionCount(limits: self, isTrusted: isTrusted)
        return .http1(
            configuration: .init(
                additionalChannelHandlers: [CountingHandler(count), DeadlineHandler(self)] + handlers(),
                httpDecoderConfiguration: .init(
                    maxHeaderFieldSize: headerBytes, maxHeaderListSize: headerBytes, maxHeaderFieldCount: 200)))
    }
}

/// The open connections by address.
final class ConnectionCount: Sendable {
    private let limits: ConnectionLimits
    private let isTrusted: @Sendable (String) -> Bool
    private let open = Mutex<(all: Int, byAddress: [String: Int])>((0, [:]))

    init(limits: ConnectionLimits, isTrusted: @escaping @Sendable (String) -> Bool) {
        self.limits = limits
        self.isTrusted = isTrusted
    }

    /// Counts a connection unless a limit is reached.
    func enter(_ address: String) -> Bool {
        let limit = isTrusted(address) ? Int.max : limits.connectionsPerAddress
        let network = networkOfClient(address)
        return open.withLock { open in
            guard open.all < limits.connections, open.byAddress[network, default: 0] < limit else { return false }
            open.all += 1
            open.byAddress[network, default: 0] += 1
            return true
        }
    }

    func leave(_ address: String) {
        let network = networkOfClient(address)
        open.withLock { open in
            open.all -= 1
            let left = open.byAddress[network, default: 1] - 1
            open.byAddress[network] = left > 0 ? left : nil
        }
    }
}

/// Closes a connection that is one too many.
private final class CountingHandler: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart

    private let count: ConnectionCount
    private var address: String?

    init(_ count: ConnectionCount) { self.count = count }

    func handlerAdded(context: ChannelHandlerContext) { if context.channel.isActive { enter(context) } }

    func channelActive(context: ChannelHandlerContext) {
        enter(context)
        context.fireChannelActive()
    }

    func channelInactive(context: ChannelHandlerContext) {
        if let address { count.leave(address) }
        address = nil
        context.fireChannelInactive()
    }

    private func enter(_ context: ChannelHandlerContext) {
        guard address == nil else { return }
        let remote = context.channel.remoteAddress?.ipAddress ?? "unix"
        if count.enter(remote) { address = remote } else { context.close(promise: nil) }
    }
}

/// Closes a connection whose next request, or the body of one, does not arrive in time. A byte now and then does not
/// extend a deadline.
private final class DeadlineHandler: ChannelDuplexHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPRequestPart
    typealias OutboundIn = HTTPResponsePart

    private let limits: ConnectionLimits
    private var deadline: Scheduled<Void>?
    /// Requests that have begun and have no complete answer yet.
    private var pending = 0

    init(_ limits: ConnectionLimits) { self.limits = limits }

    func handlerAdded(context: ChannelHandlerContext) { set(limits.headDeadline, context) }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        switch unwrapInboundIn(data) {
        case .head:
            pending += 1
            set(limits.bodyDeadline, context)
        case .body: break
        case .end: if pending > 0 { cancel() }
        }
        context.fireChannelRead(data)
    }

    func write(context: ChannelHandlerContext, data: NIOAny, promise: EventLoopPromise<Void>?) {
        if case .end = unwrapOutboundIn(data) {
            pending = max(0, pending - 1)
            if pending == 0 { set(limits.idleDeadline, context) }
        }
        context.write(data, promise: promise)
    }

    func channelInactive(context: ChannelHandlerContext) {
        cancel()
        context.fireChannelInactive()
    }

    func handlerRemoved(context: ChannelHandlerContext) { cancel() }

    private func set(_ length: Duration, _ context: ChannelHandlerContext) {
        cancel()
        let channel = context.channel
        deadline = context.eventLoop.scheduleTask(in: TimeAmount(length)) { channel.close(promise: nil) }
    }

    private func cancel() {
        deadline?.cancel()
        deadline = nil
    }
}
