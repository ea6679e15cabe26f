import Foundation
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

    @Test func `a connection whose event loop tells late that it is idle lets the next one in`() throws {
        let connections = connections(2)
        connections.connectionOpened()
        connections.connectionOpened()
        #expect(!connections.isAcceptingNewConnections())
        let (first, second) = (try channel(), try channel())
        connections.began(first)
        first.embeddedEventLoop.run()
        #expect(first.isActive, "it may be about to send its request")
        connections.began(second)
        first.embeddedEventLoop.run()
        #expect(!first.isActive)
        #expect(second.isActive)
        connections.connectionClosed()
        #expect(connections.isAcceptingNewConnections())
    }

    @Test(arguments: [
        (64, 20, 20), (64, 40, 8), (256, 20, 172), (1024, 20, 876), (1024, 120, 776), (65_536, 20, 65_388), (16, 20, 8),
    ])
    func `some file descriptors are reserved for the database and the providers`(
        limit: Int, open: Int, connections: Int
    ) { #expect(OpenFiles.connections(ofLimit: limit, open: open) == connections) }

    @Test func `the files that are open are counted`() throws {
        // Other tests open and close files meanwhile, but not a hundred of them.
        let before = OpenFiles.count()
        let opened = try (0..<300).map { _ in try #require(FileHandle(forReadingAtPath: "/dev/null")) }
        #expect(OpenFiles.count() - before > 100)
        for file in opened { try file.close() }
    }

    @Test func `low disk space is reported before it runs out`() {
        #expect(DiskSpace(free: 31 << 20).level == .none)
        #expect(DiskSpace(free: 255 << 20).level == .little)
        #expect(DiskSpace(free: 256 << 20).level == .enough)
        #expect(DiskSpace(ofFile: "/nowhere/at/all.db") == nil)
        #expect(DiskSpace(ofFile: "data.db") != nil)
    }
}
