import Domain
import Foundation
import TestSupport
import Testing

@testable import App
@testable import Web

/// The documents that PagerPal serves.
@Suite struct DocumentTests {
    @Test func `anyone may read the documents, and a signed-in reader keeps the navigation`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let reader = Browser(app)
            #expect(try await reader.visit("/docs") == 200)
            #expect(await reader.page.contains("<h1 id=\"pagerpal\">PagerPal</h1>"))
            #expect(await !reader.page.contains("href=\"/incidents\""))
            for document in Document.all {
                #expect(try await reader.visit("/docs/\(document.name)") == 200, "\(document.name)")
            }
            #expect(try await reader.visit("/docs/nothing") == 404)
            try await reader.enter(as: "ada")
            try await reader.visit("/docs/channels")
            #expect(await reader.page.contains("href=\"/incidents\""))
        }
    }

    @Test func `every link between documents leads to a heading that exists`() throws {
        let ids = Dictionary(
            uniqueKeysWithValues: Document.all.map { document in
                (document.name, Set(document.body.markup.matches(of: /id="([^"]+)"/).map { String($0.1) }))
            })
        for document in Document.all {
            for link in document.body.markup.matches(of: /href="(?:\/docs\/([^"#]+))?(?:#([^"]+))?"/) {
                let target = link.1.map { String($0) } ?? document.name
                let known = try #require(ids[target], "\(document.name) links to \(target)")
                if let heading = link.2 { #expect(known.contains(String(heading)), "\(document.name): \(link.0)") }
            }
        }
    }
}
