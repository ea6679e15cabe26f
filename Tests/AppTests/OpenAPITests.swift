import Formats
import HTTPTypes
import TestSupport
import Testing
import Transport
import Web

@testable import App

@Suite(.serialized)
struct OpenAPITests {
    @Test func `every API route is documented, and every documented route exists`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let entries = buildRoutes(app.assembly.services).paths.entries
            #expect(OpenAPI.gaps(in: entries) == [], "describe the route in RouteNote.table")
        }
    }

    @Test func `the OpenAPI document is served, lists every route once, and has no dangling references`() async throws {
        try await TestApp.run(.sqliteMemory) { app in
            let answer = try await app.send("GET", "/api/v1/openapi.json", headers: [])
            #expect(answer.status == 200)
            let document = answer.json
            #expect(document["openapi"]?.text == "3.1.0")
            #expect(try await app.send("GET", "/openapi.json", headers: []).json == document)
            let entries = buildRoutes(app.assembly.services).paths.entries
            let paths = try #require(document["paths"]?.object)
            var names: [String] = []
            for path in paths.members {
                for operation in path.value.object?.members ?? [] {
                    names.append(try #require(operation.value["operationId"]?.text))
                    let isThere = entries.contains {
                        $0.path == path.name && $0.method.rawValue.lowercased() == operation.name
                    }
                    #expect(isThere, "\(operation.name) \(path.name)")
                    let braces = path.name.filter { $0 == "{" }.count
                    let inPath = operation.value["parameters"]?.array?.filter { $0["in"]?.text == "path" } ?? []
                    #expect(inPath.count == braces, "\(path.name)")
                }
            }
            #expect(Set(names).count == names.count)
            for reference in references(document) {
                var place: JSON? = document
                for part in reference.split(separator: "/").dropFirst() { place = place?[String(part)] }
                #expect(place != nil, "\(reference)")
            }
            let source = document["components"]?["schemas"]?["AlertSource"]?["properties"]
            #expect(source?["is_enabled"]?["type"]?.text == "boolean")
            #expect(source?["reopen_window_seconds"]?["type"]?.text == "integer")
            let user = document["components"]?["schemas"]?["User"]?["properties"]
            #expect(user?["role"]?["enum"]?.array?.count == 4)
            let preview = paths["/api/v1/message-templates/preview"]?["post"]?["requestBody"]
            let schema = preview?["content"]?["application/json"]?["schema"]?["$ref"]?.text
            #expect(schema == "#/components/schemas/NewMessageTemplate")
        }
    }

    private func references(_ json: JSON) -> [String] {
        switch json {
        case .object(let object):
            object.members.flatMap { $0.name == "$ref" ? [$0.value.text ?? ""] : references($0.value) }
        case .array(let values): values.flatMap(references)
        case .null, .bool, .number, .string: []
        }
    }
}
