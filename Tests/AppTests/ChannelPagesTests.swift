import Database
import Domain
import Formats
import Foundation
import Integrations
import Store
import TestSupport
import Testing

@testable import App
@testable import Web

@Suite("Channels on web pages", .serialized)
struct ChannelPagesTests {
    @Test("Every web page that offers channels offers exactly those that are served")
    func offers() async throws {
        try await TestApp.run(.sqliteMemory, unserved: [.whatsapp, .voice]) { app in
            let dana = try await Browser.signedIn(as: "dana", app)
            for path in ["/profile", "/users/ada"] {
                try await dana.visit(path)
                let offered = await dana.page.matches(of: /<option value="(email|sms|whatsapp|voice|webhook)"/)
                #expect(offered.map { String($0.1) } == ["email", "sms", "webhook"], "\(path)")
            }
        }
    }

    @Test("Every channel's symbol is in the sprite", arguments: Channel.allCases)
    func symbols(channel: Channel) throws {
        let root = URL(filePath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
            .deletingLastPathComponent()
        let sprite = try String(
            contentsOf: root.appending(path: "Sources/CAssets/files/images/symbols.svg"), encoding: .utf8)
        #expect(sprite.contains("<symbol id=\"\(channel.definition.symbol)\""))
        #expect(Symbol(channel).rawValue == channel.definition.symbol)
    }

    @Test("A page on a channel without a provider fails and says what to set", arguments: Channel.allCases)
    func unserved(channel: Channel) async throws {
        try await TestApp.run(
            .sqliteMemory, unserved: [channel],
            team: { team in
                team.methods.append(
                    ContactMethod(
                        id: "other", userID: "ada", channel: channel, address: "x", verifiedAt: TestTeam.start))
            }
        ) { app in
            let sent = try await app.send("POST", "/api/v1/contact-methods/other/test")
            let id = try #require(sent.json["notification_id"]?.text)
            try await app.settle()
            let page = try await app.assembly.store.database.run("SELECT fault FROM pages WHERE id = \(id)").rows[0]
            #expect(
                try page.get("fault")
                    == "No provider is set up for \(channel.name). \(channel.definition.advice)")
        }
    }
}
