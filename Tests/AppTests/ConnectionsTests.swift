import Logging
import NIOCore
import NIOEmbedded
import Testing

@testable import App

/// Connections at the limit of open files.
@Suite struct ConnectionsTests {
    private func connections(_ maximum: Int) -> Connections {
        Connections(maximum: maximum, logger: Logger(label: "test") { _ in SwiftLogNoOpLogHandler() })
    }

    private func channel() throws -> EmbeddedChannel {
        let channel = EmbeddedChannel()
        try channel.connect(to: SocketAddress(ipAddress: "127.0.0.1", port: 1)).wait()
        return channel
    }

    @Test func `at the limit the connection idle the longest is closed for a new one`() throws {
        let connections = connections(2)
        let (first, second) = (try channel(), try channel())
        for channel in [first, second] {
            #expect(connections.isAcceptingNewConnections())
            connections.connectionOpened()
            connections.began(channel)
        }
        connections.becameBusy(first)
        connections.becameIdle(first)
        #expect(!connections.isAcceptingNewConnections())
        second.embeddedEventLoop.run()
        #expect(!second.isActive)
        #expect(first.isActive)
        connections.connectionClosed()
        #expect(connections.isAcceptingNewConnections())
    }

    @Test func `if all connections are busy, a new one waits for the first to end`() throws {
        let connections = connections(1)
        let busy = try channel()
        connections.connectionOpened()
        connections.began(busy)
        connections.becameBusy(busy)
        #expect(!connections.isAcceptingNewConnections())
        #expect(busy.isActive)
        connections.becameIdle(busy)
        busy.embeddedEventLoop.run()
        #expect(!busy.isActive)
    }

    @Test(arguments: [(64, 10), (256, 186), (1024, 890), (65_536, 65_402), (16, 8)])
    func `some file descriptors are reserved for the database and the providers`(limit: Int, connections: Int) {
        #expect(OpenFiles.connections(ofLimit: limit, cores: 2) == connections)
    }

    @Test func `low disk space is reported before it runs out`() {
        #expect(DiskSpace(free: 31 << 20).level == .none)
        #expect(DiskSpace(free: 255 << 20).level == .little)
        #expect(DiskSpace(free: 256 << 20).level == .enough)
        #expect(DiskSpace(ofFile: "/nowhere/at/all.db") == nil)
        #expect(DiskSpace(ofFile: "data.db") != nil)
    }
}
