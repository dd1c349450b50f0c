// The documentation, for the tests that hold it to what the programs do.

import Foundation

/// A page of the documentation.
func page(_ path: String) throws -> String {
    let package = URL(fileURLWithPath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()
    return try String(
        contentsOf: package.appendingPathComponent("docs").appendingPathComponent(path),
        encoding: .utf8)
}

/// The queries of docs/sql.md.
func documentedQueries() throws -> [String] {
    try page("sql.md").components(separatedBy: "```sql\n").dropFirst().compactMap {
        $0.components(separatedBy: "```").first
    }
}
