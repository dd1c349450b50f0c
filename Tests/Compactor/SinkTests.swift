// What the sink promises about the file: whole recordings or nothing, each once, readers undisturbed,
// clear errors.

import Foundation
import GRDB
import Mission
import Testing

@testable import Compactor

@Suite struct SinkTests {
    @Test func compactingARecordingAgainReplacesItsRowsAndNoOthers() throws {
        let folder = try TemporaryFolder()
        try Fixture(number: 1).write(to: folder.database)
        try Fixture(number: 2, missionName: "second").write(to: folder.database)
        try Fixture(number: 1, logID: 0xCD, missionName: "other log").write(to: folder.database)
        let before = try everything(folder.database)
        try Fixture(number: 2, missionName: "second").write(to: folder.database)
        #expect(try everything(folder.database) == before)

        var shorter = Fixture(number: 2, missionName: "second, again")
        shorter.events = Array(shorter.events.prefix(8))
        let mission = try shorter.write(to: folder.database)
        #expect(mission == 2)
        let after = try everything(folder.database)
        func others(_ rows: [String]) -> [String] {
            rows.filter { !$0.contains(": 2|") && !$0.contains(": 858993") && !$0.hasSuffix("|2") }
        }
        #expect(others(after) == others(before))
        #expect(
            try rows(folder.database, "SELECT id, mission_name FROM missions ORDER BY id")
                == ["1|co08_night_raid", "2|second, again", "3|other log"])
        #expect(
            try rows(folder.database, "SELECT COUNT(*) FROM kill_events GROUP BY mission_id")
                == ["5", "5"])
        #expect(try rows(folder.database, "SELECT COUNT(*) FROM worlds") == ["1"])
        #expect(try rows(folder.database, "SELECT COUNT(*) FROM addons") == ["2"])
    }

    @Test func aMissionKeepsTheMomentItCameIn() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        let first = try rows(folder.database, "SELECT created_at FROM missions")
        try Fixture().write(to: folder.database)
        #expect(try rows(folder.database, "SELECT created_at FROM missions") == first)
        #expect(
            try rows(folder.database, "SELECT updated_at > created_at FROM missions") == ["1"])
    }

    @Test func aRecordingThatFailsLeavesTheOldRows() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        let before = try everything(folder.database)
        var sink = try SQLiteSink(path: folder.database)
        // As a full disk does: no page more than the file has.
        try sink.database.queue.inDatabase { database in
            let pages = try Int.fetchOne(database, sql: "PRAGMA page_count") ?? 0
            try database.execute(sql: "PRAGMA max_page_count = \(pages)")
        }
        var large = Fixture()
        large.events += (0..<5000).map { Fixture.soldierState(0, UInt32($0), 1, 1) }
        #expect(throws: SQLiteError.diskFull(path: folder.database)) { try large.feed(&sink) }
        #expect(try everything(folder.database) == before)
        // The same sink takes the next one.
        try Fixture().feed(&sink)
        #expect(try everything(folder.database) == before)
    }

    @Test func aSinkThatIsDroppedInTheMiddleLeavesNothing() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        let before = try everything(folder.database)
        func drop() throws {
            var sink = try SQLiteSink(path: folder.database)
            var texts = Texts()
            try sink.begin(Fixture(number: 2).header)
            let event = Fixture.soldierCreated(0, "Half")(&texts)
            try sink.receive(event, at: Fixture.stamp(1), texts: texts.table)
        }
        try drop()
        #expect(try everything(folder.database) == before)
    }

    @Test func aRecordingBegunWithoutEndingTheLastTakesItBack() throws {
        let folder = try TemporaryFolder()
        var sink = try SQLiteSink(path: folder.database)
        try sink.begin(Fixture(number: 1).header)
        try Fixture(number: 2).feed(&sink)
        #expect(try rows(folder.database, "SELECT recording_number FROM missions") == ["2"])
    }

    @Test func readersSeeTheOldStateWhileARecordingIsWritten() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        var sink = try SQLiteSink(path: folder.database)
        var texts = Texts()
        try sink.begin(Fixture(number: 2).header)
        for frame in UInt32(0)..<5000 {
            let event = Fixture.general(frame, "generalEvent", "row \(frame)")(&texts)
            try sink.receive(event, at: Fixture.stamp(1), texts: texts.table)
            if frame % 1000 == 0 {
                #expect(try rows(folder.database, "SELECT COUNT(*) FROM missions") == ["1"])
            }
        }
        try sink.end(Fixture(number: 2).footer, texts: texts.table)
        #expect(try rows(folder.database, "SELECT COUNT(*) FROM missions") == ["2"])
    }

    @Test func aReaderInTheMiddleOfAQueryDoesNotStopTheWriter() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        try read(folder.database) { database in
            let cursor = try Row.fetchCursor(database, sql: "SELECT * FROM soldier_states")
            _ = try cursor.next()
            try Fixture(number: 2).write(to: folder.database)
            _ = try cursor.next()
            #expect(try Int.fetchOne(database, sql: "SELECT COUNT(*) FROM missions") == 1)
        }
        #expect(try rows(folder.database, "SELECT COUNT(*) FROM missions") == ["2"])
    }

    @Test func foreignKeysAreEnforced() throws {
        let folder = try TemporaryFolder()
        var fixture = Fixture()
        // A hit of somebody who never appears: the model hands over no such event.
        fixture.events = [
            Fixture.soldierCreated(0, "A"), Fixture.shot(1, by: 0, hits: [(.soldier(99), [])]),
        ]
        #expect {
            try fixture.write(to: folder.database)
        } throws: { error in
            guard case SQLiteError.inconsistent(folder.database, _, let detail) = error else {
                return false
            }
            return detail.contains("FOREIGN KEY")
        }
        #expect(try rows(folder.database, "SELECT COUNT(*) FROM missions") == ["0"])
        let links = try rows(
            folder.database,
            "SELECT COUNT(*) FROM sqlite_master m, pragma_foreign_key_list(m.name) WHERE m.type = 'table'"
        )
        let described = Schema.current.tables.flatMap(\.references).flatMap(\.columns).count
        #expect(links == ["\(described)"])
    }

    @Test func deletingAMissionDeletesItsRows() throws {
        let folder = try TemporaryFolder()
        try Fixture(number: 1).write(to: folder.database)
        let before = try everything(folder.database)
        try Fixture(number: 2).write(to: folder.database)
        let database = try DatabaseQueue(path: folder.database)
        try database.write { try $0.execute(sql: "DELETE FROM missions WHERE id = 2") }
        #expect(try everything(folder.database) == before)
        // The number is not given out again.
        #expect(try Fixture(number: 3).write(to: folder.database) == 3)
    }

    @Test func aWriterThatDoesNotFinishIsNamedBusy() throws {
        let folder = try TemporaryFolder()
        var first = try SQLiteSink(path: folder.database)
        try first.begin(Fixture(number: 1).header)
        var second = SQLiteSink(try SQLiteDatabase(path: folder.database, busySeconds: 0))
        #expect(throws: SQLiteError.busy(path: folder.database, seconds: 0)) {
            try Fixture(number: 2).feed(&second)
        }
        try Fixture(number: 1).feed(&first)
        try Fixture(number: 2).feed(&second)
        #expect(try rows(folder.database, "SELECT COUNT(*) FROM missions") == ["2"])
    }

    @Test func compactionsAtOnceAllGetIn() throws {
        let folder = try TemporaryFolder()
        let path = folder.database
        let failures = Failures()
        DispatchQueue.concurrentPerform(iterations: 4) { worker in
            do {
                try Fixture(number: worker + 1).write(to: path)
            } catch {
                failures.add("\(error)")
            }
        }
        #expect(failures.all == [])
        #expect(
            try rows(path, "SELECT recording_number FROM missions ORDER BY 1") == [
                "1", "2", "3", "4",
            ])
        #expect(try rows(path, "PRAGMA integrity_check") == ["ok"])
        #expect(try rows(path, "PRAGMA foreign_key_check") == [])
    }

    /// What went wrong in other threads.
    final class Failures: @unchecked Sendable {  // guarded by `lock`
        private let lock = NSLock()
        private var texts: [String] = []
        var all: [String] { lock.withLock { texts } }
        func add(_ text: String) { lock.withLock { texts.append(text) } }
    }
}
