// What the sink promises about the server: whole recordings or nothing, each once, readers undisturbed.

import Foundation
import Mission
import Testing

@testable import Compactor
@testable import PostgresSink

@Suite(.needsPostgres) struct SinkTests {
    @Test func compactingARecordingAgainReplacesItsRowsAndNoOthers() throws {
        let database = try TestDatabase()
        try database.write(Fixture(number: 1))
        try database.write(Fixture(number: 2, missionName: "second"))
        try database.write(Fixture(number: 1, logID: 0xCD, missionName: "other log"))
        let before = try database.everything()
        try database.write(Fixture(number: 2, missionName: "second"))
        #expect(try database.everything() == before)

        var shorter = Fixture(number: 2, missionName: "second, again")
        shorter.events = Array(shorter.events.prefix(8))
        #expect(try database.write(shorter) == 2)
        #expect(
            try database.rows("SELECT id, mission_name FROM missions ORDER BY id")
                == ["1|co08_night_raid", "2|second, again", "3|other log"])
        #expect(
            try database.rows("SELECT COUNT(*) FROM kill_events GROUP BY mission_id") == ["5", "5"])
        #expect(try database.rows("SELECT COUNT(*) FROM worlds") == ["1"])
        #expect(try database.rows("SELECT COUNT(*) FROM addons") == ["2"])
    }

    /// For each soldier that is deleted the server goes through the mission's shots: so one who is still there
    /// is overwritten.
    @Test func compactingAgainDeletesOnlySoldiersAndVehiclesThatAreGone() throws {
        let database = try TestDatabase()
        try database.write(Fixture(number: 1))
        try database.write(Fixture(number: 2))
        _ = try database.rows(
            """
            CREATE TABLE deleted (name text, mission bigint, object integer);
            CREATE FUNCTION note() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN
                INSERT INTO deleted VALUES (TG_TABLE_NAME, OLD.mission_id, OLD.object_id);
                RETURN NULL;
            END $$;
            CREATE TRIGGER note AFTER DELETE ON soldiers FOR EACH ROW EXECUTE FUNCTION note();
            CREATE TRIGGER note AFTER DELETE ON vehicles FOR EACH ROW EXECUTE FUNCTION note()
            """)
        let deleted = "SELECT name, mission, object FROM deleted ORDER BY 1, 2, 3"
        let there = """
            SELECT 'soldiers', mission_id, object_id FROM soldiers WHERE mission_id = 2
            UNION ALL SELECT 'vehicles', mission_id, object_id FROM vehicles WHERE mission_id = 2
            ORDER BY 1, 2, 3
            """
        let all = try database.rows(there)
        try database.write(Fixture(number: 2))
        #expect(try database.rows(deleted) == [])
        #expect(try database.rows(there) == all)

        var shorter = Fixture(number: 2)
        shorter.events = Array(shorter.events.prefix(5))
        try database.write(shorter)
        let left = try database.rows(there)
        #expect(!left.isEmpty && left.count < all.count)
        #expect(try database.rows(deleted) == all.filter { !left.contains($0) })

        let fresh = try TestDatabase()
        try fresh.write(Fixture(number: 1))
        try fresh.write(shorter)
        #expect(try database.everything() == fresh.everything())
        // And what came back is as if it had never been away.
        try database.write(Fixture(number: 2))
        try fresh.write(Fixture(number: 2))
        #expect(try database.everything() == fresh.everything())
    }

    @Test func aMissionsOldShotsAreGoneThroughOnceHoweverManySoldiersThereAre() throws {
        let database = try TestDatabase()
        try database.write(Fixture())
        #expect(try #require(Int(try database.rows("SELECT COUNT(*) FROM soldiers")[0])) > 1)
        let open = try database.open()
        var sink = PostgresSink(open)
        try sink.begin(Fixture().header)
        // Of this transaction, the lookups for foreign keys among them.
        let scans = try open.connection.execute(
            """
            SELECT COALESCE(seq_scan, 0) + COALESCE(idx_scan, 0) FROM pg_stat_xact_user_tables
            WHERE relname = 'projectile_events'
            """, operation: "test")
        #expect(scans.number == 1)
        // What it needs to know to find a shot's hits by the shot.
        #expect(
            try database.rows(
                "SELECT reltuples > 0 FROM pg_class WHERE relname = 'projectile_hits_soldiers'")
                == ["t"])
        #expect(try database.rows("SELECT COUNT(*) > 0 FROM projectile_events") == ["t"])
    }

    @Test func compactingALogsServerSideAgainLeavesTheSameRowsAndTakesNoneAway() throws {
        let database = try TestDatabase()
        try database.write(ServerFixture())
        try database.write(ServerFixture(logID: [UInt8](repeating: 7, count: 16)))
        let before = try database.everything()
        #expect(before.count == 2 * (12 + 2 + 3))
        try database.write(ServerFixture())
        var shorter = ServerFixture()
        shorter.entries.removeLast(6)
        try database.write(shorter)
        #expect(try database.everything() == before)
    }

    @Test func aServerSideThatIsDroppedInTheMiddleLeavesWhatWasThere() throws {
        let database = try TestDatabase()
        try database.write(ServerFixture())
        let before = try database.everything()
        func drop() throws {
            var sink = PostgresServerSink(try database.open())
            try sink.begin(logID: [UInt8](repeating: 9, count: 16))
            for event in ServerFixture().events { try sink.receive(event) }
        }
        try drop()
        #expect(try database.everything() == before)
    }

    @Test func aMissionKeepsTheMomentItCameIn() throws {
        let database = try TestDatabase()
        try database.write(Fixture())
        let first = try database.rows("SELECT created_at FROM missions")
        try database.write(Fixture())
        #expect(try database.rows("SELECT created_at FROM missions") == first)
        #expect(try database.rows("SELECT updated_at > created_at FROM missions") == ["t"])
    }

    @Test func aSinkThatIsDroppedInTheMiddleLeavesWhatWasThere() throws {
        let database = try TestDatabase()
        try database.write(Fixture())
        let before = try database.everything()
        func drop() throws {
            var sink = PostgresSink(try database.open())
            var texts = Texts()
            try sink.begin(Fixture().header)
            let event = Fixture.soldierCreated(0, "Half")(&texts)
            try sink.receive(event, at: Fixture.stamp(1), texts: texts.table)
        }
        try drop()
        #expect(try database.everything() == before)
    }

    @Test func aConnectionOnWhichASinkWasDroppedCompletesNothingOfIt() throws {
        let database = try TestDatabase()
        let open = try database.open()
        func drop() throws {
            var sink = PostgresSink(open)
            var texts = Texts()
            try sink.begin(Fixture(number: 7).header)
            let long = String(repeating: "x", count: 10_000)
            for frame in UInt32(0)..<1000 {
                let event = Fixture.general(frame, "generalEvent", long)(&texts)
                try sink.receive(event, at: Fixture.stamp(1), texts: texts.table)
            }
        }
        func dropServerSide() throws {
            var sink = PostgresServerSink(open)
            try sink.begin(logID: [UInt8](repeating: 9, count: 16))
            for event in ServerFixture().events { try sink.receive(event) }
        }
        try drop()
        try dropServerSide()
        var sink = PostgresSink(open)
        try Fixture(number: 1).feed(&sink)
        #expect(try database.rows("SELECT recording_number FROM missions") == ["1"])
        #expect(try database.rows("SELECT COUNT(*) FROM server_events") == ["0"])
    }

    @Test func aRecordingBegunWithoutEndingTheLastTakesItBack() throws {
        let database = try TestDatabase()
        var sink = PostgresSink(try database.open())
        try sink.begin(Fixture(number: 1).header)
        try Fixture(number: 2).feed(&sink)
        #expect(try database.rows("SELECT recording_number FROM missions") == ["2"])
    }

    @Test func readersSeeTheOldStateWhileARecordingIsWritten() throws {
        let database = try TestDatabase()
        try database.write(Fixture())
        let before = try database.everything()
        var sink = PostgresSink(try database.open())
        var texts = Texts()
        try sink.begin(Fixture().header)
        // More than the buffers hold.
        let long = String(repeating: "x", count: 10_000)
        for frame in UInt32(0)..<1000 {
            let event = Fixture.general(frame, "generalEvent", long)(&texts)
            try sink.receive(event, at: Fixture.stamp(1), texts: texts.table)
        }
        #expect(try database.everything() == before)
        try sink.end(Fixture().footer, texts: texts.table)
        #expect(try database.rows("SELECT COUNT(*) FROM general_events") == ["1000"])
    }

    @Test func foreignKeysAreEnforced() throws {
        let database = try TestDatabase()
        var fixture = Fixture()
        // A hit of somebody who never appears: the model hands over no such event.
        fixture.events = [
            Fixture.soldierCreated(0, "A"), Fixture.shot(1, by: 0, hits: [(.soldier(99), [])]),
        ]
        #expect {
            try database.write(fixture)
        } throws: { error in
            guard case PostgresError.inconsistent(_, _, let detail) = error else { return false }
            return detail.contains("foreign key")
        }
        #expect(try database.rows("SELECT COUNT(*) FROM missions") == ["0"])
        // The same sink takes the next one.
        var sink = PostgresSink(try database.open())
        #expect(throws: PostgresError.self) { try fixture.feed(&sink) }
        try Fixture().feed(&sink)
        #expect(try database.rows("SELECT COUNT(*) FROM kill_events") == ["5"])
    }

    @Test func everyRowLeadsToItsMissionThroughForeignKeys() throws {
        let database = try TestDatabase()
        try database.write(Fixture(number: 1))
        let before = try database.everything()
        try database.write(Fixture(number: 2))
        _ = try database.rows("DELETE FROM missions WHERE id = 2")
        #expect(try database.everything() == before)
        for table in Schema.current.tables where table.missionColumn != nil {
            #expect(throws: PostgresError.self, "\(table.name)") {
                _ = try database.rows("UPDATE \"\(table.name)\" SET mission_id = 77")
            }
        }
        // The number is not given out again.
        #expect(try database.write(Fixture(number: 3)) == 3)
    }

    @Test func everyKeyBeginsWithTheMission() throws {
        let database = try TestDatabase()
        _ = try database.open()
        let keys = try database.rows(
            """
            SELECT c.relname, a.attname FROM pg_index i JOIN pg_class c ON c.oid = i.indrelid
            JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum = i.indkey[0]
            WHERE i.indisprimary AND c.relnamespace = 'public'::regnamespace
            """)
        for table in Schema.current.tables where table.missionColumn != nil {
            #expect(keys.contains("\(table.name)|mission_id"))
        }
    }

    @Test func textsThatPostgresCanNotHoldAreMended() throws {
        let database = try TestDatabase()
        let digits = String(repeating: "7", count: 140_000)
        var fixture = Fixture(missionName: "a\0b")
        fixture.header.world.worldName = "w\0"
        fixture.events = [
            Fixture.general(1, "n", "m", #"{"a": "x\u0000y\ud83d\ude00\ud800 z"}"#),
            Fixture.general(2, "n", "m", "no JSON \u{1}\u{0}"),
            Fixture.general(3, "n", "m", "{\"a\": \"tab\there\"}"),
            Fixture.general(4, "n", "m", #"{"a": 1e999999, "b": true}"#),
            Fixture.general(5, "n", "m", "[-1.5E-0002,\(digits),0.\(digits),-1e-70000,true]"),
        ]
        try database.write(fixture)
        #expect(try database.rows("SELECT mission_name FROM missions") == ["a\u{FFFD}b"])
        #expect(
            try database.rows("SELECT extra_data ->> 'a' FROM general_events ORDER BY id LIMIT 3")
                == ["x\u{FFFD}y😀\u{FFFD} z", "∅", "tab\there"])
        #expect(
            try database.rows(
                "SELECT extra_data ->> 'a', extra_data ->> 'b' FROM general_events WHERE capture_frame = 4"
            ) == ["1e999999|true"])
        #expect(
            try database.rows(
                """
                SELECT e, jsonb_typeof(e) FROM general_events, jsonb_array_elements(extra_data) e
                WHERE capture_frame = 5
                """)
                == [
                    "-0.015|number", "\"\(digits)\"|string", "\"0.\(digits)\"|string",
                    "\"-1e-70000\"|string", "true|boolean",
                ])
    }

    @Test func decimalsArriveAsTheyWere() throws {
        let seed = UInt64.random(in: .min ... .max)
        print("decimals of seed \(seed)")
        var random = Seeded(state: seed)
        var values: [Double] = [
            0, 1, -1, 0.1, -0.25, 9999, 10_000, 10_001, 123_456_789.5, 1e-7, 1e20, -1e-300, 1e300,
            .leastNonzeroMagnitude, .greatestFiniteMagnitude, 0.000_001, 999_999_999, 12_345.678_9,
        ]
        for _ in 0..<200 {
            values.append(Double(bitPattern: random.next()))
            values.append(Double(Int64(truncatingIfNeeded: random.next()) >> 30) / 10_000)
        }
        values = values.filter(\.isFinite)
        let connection = try PostgresConnection(
            PostgresServer.shared.get().settings("postgres"))
        try connection.execute(
            "CREATE TEMPORARY TABLE t (n bigint, v numeric)", operation: "test")
        var bytes: [UInt8] = []
        func append<Value: FixedWidthInteger>(_ value: Value) {
            withUnsafeBytes(of: value.bigEndian) { bytes.append(contentsOf: $0) }
        }
        var numeric = BinaryNumeric()
        for (place, value) in values.enumerated() {
            numeric.make(value)
            append(UInt16(2))
            append(UInt32(8))
            append(UInt64(place))
            append(UInt32(numeric.bytes.count))
            bytes += numeric.bytes
        }
        try connection.copy("COPY t FROM STDIN (FORMAT binary)", bytes, operation: "test")
        let found = try connection.execute("SELECT v FROM t ORDER BY n", operation: "test").rows
        for (row, value) in zip(found, values) {
            #expect(row[0].flatMap { Double($0) } == value, "\(value)")
        }
        let text = try connection.execute(
            "SELECT v FROM t WHERE n IN (3, 8, 17) ORDER BY n", operation: "test"
        ).rows.map { $0[0] }
        #expect(text == ["0.1", "123456789.5", "12345.6789"])
    }

    private struct Seeded: RandomNumberGenerator {
        var state: UInt64
        mutating func next() -> UInt64 {
            state &+= 0x9E37_79B9_7F4A_7C15
            var mixed = (state ^ (state >> 30)) &* 0xBF58_476D_1CE4_E5B9
            mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
            return mixed ^ (mixed >> 31)
        }
    }
}
