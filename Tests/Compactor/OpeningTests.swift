// Files that a database can't be written to, and older ones.

import Foundation
import GRDB
import Testing

@testable import Compactor

@Suite struct OpeningTests {
    @Test func aFileThatIsNoDatabaseIsRefusedAndLeftAlone() throws {
        let folder = try TemporaryFolder()
        let bytes = Data((0..<5000).map { UInt8(truncatingIfNeeded: $0 &* 7) })
        try bytes.write(to: URL(fileURLWithPath: folder.database))
        #expect(throws: SQLiteError.notADatabase(path: folder.database)) {
            try Fixture().write(to: folder.database)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == bytes)
    }

    @Test(arguments: [("ocap_infos", "the OCAP extension"), ("notes", #"it has a table "notes""#)])
    func anotherProgramsDatabaseIsRefusedAndLeftAlone(table: String, hint: String) throws {
        let folder = try TemporaryFolder()
        let other = try DatabaseQueue(path: folder.database)
        try other.write { database in
            try database.execute(sql: "CREATE TABLE \(table) (id INTEGER); PRAGMA user_version = 1")
        }
        try other.close()
        let bytes = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        #expect(throws: SQLiteError.foreign(path: folder.database, hint: hint)) {
            try Fixture().write(to: folder.database)
        }
        #expect(try Data(contentsOf: URL(fileURLWithPath: folder.database)) == bytes)
    }

    @Test func aFileOfALaterVersionIsRefusedAndLeftAlone() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        let later = try DatabaseQueue(path: folder.database)
        try later.writeWithoutTransaction { try $0.execute(sql: "PRAGMA user_version = 99") }
        try later.close()
        let before = try everything(folder.database)
        #expect(
            throws: SQLiteError.newer(
                path: folder.database, found: 99, known: Schema.current.version)
        ) {
            try Fixture(number: 2).write(to: folder.database)
        }
        #expect(try everything(folder.database) == before)
    }

    @Test func aDamagedFileIsNamedSo() throws {
        let folder = try TemporaryFolder()
        var fixture = Fixture()
        fixture.events += (0..<3000).map { Fixture.soldierState(0, UInt32($0), 1, 1) }
        try fixture.write(to: folder.database)
        var bytes = try Data(contentsOf: URL(fileURLWithPath: folder.database))
        // All pages but the first: the header still looks right.
        for place in stride(from: 4096, to: bytes.count, by: 4096) { bytes[place] = 0xEE }
        try bytes.write(to: URL(fileURLWithPath: folder.database))
        #expect {
            try Fixture().write(to: folder.database)
        } throws: { error in
            if case SQLiteError.damaged(folder.database, _) = error { true } else { false }
        }
    }

    @Test func aFolderInTheFilesPlaceIsNamedSo() throws {
        let folder = try TemporaryFolder()
        #expect {
            try Fixture().write(to: folder.url.path)
        } throws: { error in
            if case SQLiteError.cannotOpen(folder.url.path, _) = error { true } else { false }
        }
    }

    @Test func aFileInAFoldersPlaceIsNamedSo() throws {
        let folder = try TemporaryFolder()
        try Data().write(to: URL(fileURLWithPath: folder.file("file")))
        let path = folder.file("file/recordings.db")
        #expect {
            try Fixture().write(to: path)
        } throws: { error in
            if case SQLiteError.cannotOpen(path, _) = error { true } else { false }
        }
    }

    @Test func missingFoldersAreMade() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.file("a/b/recordings.db"))
        #expect(
            try rows(folder.file("a/b/recordings.db"), "SELECT COUNT(*) FROM missions") == ["1"])
    }

    @Test func aConnectionThatMayNotWriteIsNamedReadOnly() throws {
        let folder = try TemporaryFolder()
        var sink = try SQLiteSink(path: folder.database)
        try sink.database.queue.inDatabase { try $0.execute(sql: "PRAGMA query_only = 1") }
        #expect(throws: SQLiteError.readOnly(path: folder.database)) { try Fixture().feed(&sink) }
    }

    @Test func everyErrorNamesTheFileAndSaysWhatToDo() {
        let path = "/srv/a/recordings.db"
        for code: Int32 in [5, 8, 11, 13, 14, 19, 26, 10, 3, 1] {
            let text = SQLiteError(
                path: path, operation: "x", code: code, detail: "d", busySeconds: 60
            ).description
            #expect(text.contains(path))
            #expect(text.contains(". "), "\(text)")
        }
    }

    @Test func aFileIsRecognisedAsOursAndUsesTheWriteAheadLog() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        // One file, when nobody has it open.
        #expect(
            try FileManager.default.contentsOfDirectory(atPath: folder.url.path) == [
                "recordings.db"
            ])
        #expect(try rows(folder.database, "PRAGMA application_id") == ["\(0x4242_6F78)"])
        #expect(try rows(folder.database, "PRAGMA user_version") == ["\(Schema.current.version)"])
        #expect(try rows(folder.database, "PRAGMA journal_mode") == ["wal"])
    }

    // MARK: Migration

    /// The next version as one might come: a column, a view.
    static let second = Schema(
        version: Schema.current.version + 1,
        description: tableDescription.replacingOccurrences(
            of: "    call_count ", with: "    weather text : new\n    call_count "))

    static func migration(_ statements: [String]) -> [Migration] {
        [Migration(version: second.version, statements: statements)]
    }

    @Test func anOlderFileIsBroughtUpAndKeepsItsRows() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        let before = try rows(folder.database, "SELECT id, mission_name, call_count FROM missions")
        let opened = try SQLiteDatabase(
            path: folder.database, schema: Self.second,
            views: [View("names") { _ in "SELECT mission_name, weather FROM missions" }],
            migrations: Self.migration(["ALTER TABLE missions ADD COLUMN weather TEXT"]))
        try opened.queue.close()
        #expect(
            try rows(folder.database, "SELECT id, mission_name, call_count FROM missions") == before
        )
        #expect(try rows(folder.database, "SELECT weather FROM names") == ["∅"])
        #expect(try rows(folder.database, "PRAGMA user_version") == ["\(Self.second.version)"])
        #expect(
            throws: SQLiteError.newer(
                path: folder.database, found: Self.second.version, known: Schema.current.version)
        ) {
            try Fixture().write(to: folder.database)
        }
    }

    @Test func aMigrationThatFailsLeavesTheFileAsItWas() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        let before = try everything(folder.database)
        let schema = try rows(folder.database, "SELECT sql FROM sqlite_master ORDER BY name")
        #expect(throws: SQLiteError.self) {
            _ = try SQLiteDatabase(
                path: folder.database, schema: Self.second, views: [],
                migrations: Self.migration([
                    "ALTER TABLE missions ADD COLUMN weather TEXT",
                    "ALTER TABLE nothing ADD x TEXT",
                ]))
        }
        #expect(try everything(folder.database) == before)
        #expect(try rows(folder.database, "SELECT sql FROM sqlite_master ORDER BY name") == schema)
        #expect(try rows(folder.database, "PRAGMA user_version") == ["\(Schema.current.version)"])
    }
}
