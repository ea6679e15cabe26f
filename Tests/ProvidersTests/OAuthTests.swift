import Domain
import Foundation
import TestSupport
import Testing

@testable import Providers

/// Mail servers that want access tokens.
@Suite struct OAuthTests {
    private let message = Message(
        id: "0198c2f4-0000-7000-8000-000000000001", channel: .email, address: "ada@example.com", urgency: .high,
        subject: "s", shortText: "s", text: "t")
    private static let offer = MailStandIn.Action.reply("250-mail.example.com\n250 AUTH XOAUTH2 PLAIN")

    private func provider(_ mail: MailStandIn, _ tokens: StandIn, time: ManualTime, refresh: Bool = false)
        -> SMTPProvider
    {
        SMTPProvider(
            settings: SMTPSettings(
                host: "127.0.0.1", port: mail.port, user: "pager@example.com", from: "pager@example.com", tls: .none,
                oauth: OAuthSettings(
                    tokenURL: "http://127.0.0.1:\(tokens.port)/token", clientID: "client",
                    clientSecret: Secret("client-secret"), refreshToken: refresh ? Secret("refresh-secret") : nil,
                    scope: "https://outlook.office365.com/.default")), time: time.source)
    }

    private func deliver(_ provider: SMTPProvider) async -> Receipt {
        await provider.deliver(message, mayStillSend: { true })
    }

    private func logins(_ mail: MailStandIn) -> [String] {
        mail.commands.compactMap { line in
            guard line.hasPrefix("AUTH XOAUTH2 ") else { return nil }
            let text = Data(base64Encoded: String(line.dropFirst("AUTH XOAUTH2 ".count)))
            return text.map { String(decoding: $0, as: UTF8.self).replacing("\u{1}", with: "|") }
        }
    }

    @Test func `a token is fetched once and used until it expires`() async throws {
        let mail = MailStandIn([.ehlo: OAuthTests.offer, .auth: .reply("235 2.7.0 ok")])
        let tokens = StandIn { _ in .answer(200, body: #"{"access_token":"tok-1","expires_in":3600}"#) }
        defer {
            mail.stop()
            tokens.stop()
        }
        let time = ManualTime()
        let provider = provider(mail, tokens, time: time)
        for _ in 0..<2 {
            let receipt = await deliver(provider)
            #expect(describe(receipt) == "accepted")
        }
        #expect(logins(mail) == Array(repeating: "user=pager@example.com|auth=Bearer tok-1||", count: 2))
        #expect(tokens.requests.count == 1)
        let form = VendorCall(try #require(tokens.requests.first)).form
        #expect(form["grant_type"] == "client_credentials" && form["client_id"] == "client")
        #expect(form["client_secret"] == "client-secret" && form["scope"] == "https://outlook.office365.com/.default")
        time.advance(by: .minutes(59) + .seconds(1))
        _ = await deliver(provider)
        #expect(tokens.requests.count == 2)
    }

    @Test func `a refresh token is used when there is one`() async throws {
        let mail = MailStandIn([.ehlo: OAuthTests.offer, .auth: .reply("235 2.7.0 ok")])
        let tokens = StandIn { _ in .answer(200, body: #"{"access_token":"tok-1","expires_in":3600}"#) }
        defer {
            mail.stop()
            tokens.stop()
        }
        _ = await deliver(provider(mail, tokens, time: ManualTime(), refresh: true))
        let form = VendorCall(try #require(tokens.requests.first)).form
        #expect(form["grant_type"] == "refresh_token" && form["refresh_token"] == "refresh-secret")
    }

    @Test func `a token that the mail server refuses is replaced once`() async {
        let mail = MailStandIn([.ehlo: OAuthTests.offer, .auth: .reply("535 5.7.3 Authentication unsuccessful")])
        let tokens = StandIn { _ in .answer(200, body: #"{"access_token":"tok-secret","expires_in":3600}"#) }
        defer {
            mail.stop()
            tokens.stop()
        }
        let receipt = await deliver(provider(mail, tokens, time: ManualTime()))
        #expect(describe(receipt) == "permanent account")
        #expect(tokens.requests.count == 1, "a new token that is refused is not replaced")
    }

    @Test(arguments: [
        (
            StandIn.Reply.answer(
                400, body: #"{"error":"invalid_client","error_description":"client-secret is wrong"}"#),
            "permanent account"
        ),
        (.answer(503), "temporary transient"), (.answer(200, body: "<html>"), "permanent account"),
        (.hangUp, "temporary transient"),
    ])
    func `without a token there is no mail, and no secret in the words`(reply: StandIn.Reply, expected: String) async {
        let mail = MailStandIn([.ehlo: OAuthTests.offer])
        let tokens = StandIn { _ in reply }
        defer {
            mail.stop()
            tokens.stop()
        }
        let receipt = await deliver(provider(mail, tokens, time: ManualTime()))
        #expect(describe(receipt) == expected)
        #expect(receipt.fault?.explanation.contains("client-secret") == false)
        #expect(mail.commands.isEmpty)
    }
}
