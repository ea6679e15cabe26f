import Domain
import Foundation
import Store
import Testing

@Suite struct StoreEventTests {
    @Test(arguments: [0, 1, 200, 201, 1_000])
    func `all changed incidents are told, in lines that PostgreSQL carries`(count: Int) throws {
        let ids = (0..<count).map { _ in IncidentID(UUID().uuidString.lowercased()) }
        let lines = StoreEvent.changed(ids).map(\.text)
        #expect(lines.allSatisfy { $0.utf8.count <= 7_900 })
        let told = try lines.flatMap { line -> [IncidentID] in
            guard case .incidents(let ids) = try #require(StoreEvent(text: line)) else { return [] }
            return ids
        }
        #expect(told == ids)
    }
}
