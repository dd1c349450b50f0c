// What each event leaves in the tables.

import Testing

@testable import Compactor

@Suite struct RowTests {
    @Test func dump() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        for row in try everything(folder.database) { print(row) }
    }
}
