// What the tables of the server's side promise: each record once, however often and in whatever state a
// log is compacted.

import Foundation
import GRDB
import Testing

@testable import Compactor
@testable import Mission

@Suite struct ServerHistoryTests {
    private func tables(_ path: String) throws -> [String] {
        try ["server_events", "gate_decisions", "admin_commands"].flatMap { table in
            try rows(path, "SELECT * FROM \(table) ORDER BY log_id, sequence").map {
                "\(table): \($0)"
            }
        }
    }

    @Test func compactingALogAgainLeavesTheSameRows() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        try ServerFixture().write(to: folder.database)
        try ServerFixture(logID: [UInt8](repeating: 7, count: 16)).write(to: folder.database)
        let before = try tables(folder.database)
        #expect(before.count == 2 * (12 + 2 + 3))
        try ServerFixture().write(to: folder.database)
        #expect(try tables(folder.database) == before)
        #expect(try rows(folder.database, "SELECT COUNT(*) FROM missions") == ["1"])
    }

    @Test func aLiveLogsRowsFollowIt() throws {
        let folder = try TemporaryFolder()
        var fixture = ServerFixture()
        // The script has not reported yet.
        fixture.entries.removeSubrange(12...)
        try fixture.write(to: folder.database)
        let command = "SELECT status, reply, answered_time FROM admin_commands WHERE ticket = 1"
        #expect(try rows(folder.database, command) == ["asked|∅|∅"])
        try ServerFixture().write(to: folder.database)
        #expect(
            try rows(folder.database, command) == ["ok|gone|2026-03-08 19:20:05.4+00:00"])
        #expect(
            try rows(folder.database, "SELECT ticket, status FROM admin_commands ORDER BY sequence")
                == ["1|ok", "∅|refused", "2|asked"])
    }

    @Test func aDamagedLogTakesNoRowsAway() throws {
        let folder = try TemporaryFolder()
        try ServerFixture().write(to: folder.database)
        let before = try tables(folder.database)
        var fixture = ServerFixture()
        fixture.entries.removeLast(6)
        try fixture.write(to: folder.database)
        #expect(try tables(folder.database) == before)
    }

    @Test func aLogThatFailsLeavesTheOldRows() throws {
        let folder = try TemporaryFolder()
        try ServerFixture().write(to: folder.database)
        let before = try tables(folder.database)
        var sink = try SQLiteServerSink(path: folder.database)
        try sink.begin(logID: [UInt8](repeating: 9, count: 16))
        for event in ServerFixture().events { try sink.receive(event) }
        // Given up in the middle, then begun anew.
        try ServerFixture().feed(&sink)
        #expect(try tables(folder.database) == before)
    }

    @Test func aRoundedIDIsMatchedAndMarked() throws {
        let folder = try TemporaryFolder()
        try ServerFixture().write(to: folder.database)
        #expect(
            try rows(
                folder.database,
                """
                SELECT event, user_id, candidates, player_name FROM server_events
                WHERE NOT is_exact_id ORDER BY sequence
                """) == [
                    #"hacked|1513430065|∅|Mira "Fox""#,
                    #"doubleId|1.51343e+09|["1513430065","1513430066"]|∅"#,
                    "kicked|1.6e+09|∅|∅",
                ])
    }

    @Test func aVisitHasTheGatesWordAndTheKick() throws {
        let folder = try TemporaryFolder()
        try ServerFixture().write(to: folder.database)
        #expect(
            try rows(
                folder.database,
                """
                SELECT user_id, player_name, result, decided_by, rule, joined_time, seconds,
                    kick_type, kick_reason
                FROM player_visits ORDER BY COALESCE(joined_time, decided_time)
                """) == [
                    #"1513430065|Mira "Fox"|accept|script|∅|2026-03-08 19:19:06+00:00|59.5|2|Bye."#,
                    "77|Олег 🪖|refuse|rule|night|∅|∅|∅|∅",
                    "1513430066|∅|∅|∅|∅|2026-03-08 19:20:06+00:00|∅|∅|∅",
                    #"1513430065|Mira "Fox"|∅|∅|∅|2026-03-08 19:53:25+00:00|∅|∅|∅"#,
                ])
    }

    @Test func anyDecisionRecordIsSurvived() throws {
        let folder = try TemporaryFolder()
        var fixture = ServerFixture()
        fixture.entries = [
            "{}", "[]", "nothing", #"{"of":"gate"}"#, #"{"of":"admin"}"#,
            #"{"of":"gate","id":1,"wait":1e999,"polls":1.5,"result":null}"#,
            #"{"of":"admin","ticket":-1,"request":"x","status":{}}"#,
            #"{"of":"admin","ticket":1e300,"request":[1,null,"\u0000"],"status":"asked"}"#,
            #"{"of":"admin","ticket":5,"status":"ok"}"#,
        ].map { .decision(0, $0) }
        fixture.entries += [
            .call(0, "sev:note", []), .call(0, "sev:note", [""]), .call(0, "sev:kicked", ["[]"]),
            .call(0, "sev:kicked", ["\"1\"", "\"x\"", "99999999999999999999"]),
        ]
        try fixture.write(to: folder.database)
        #expect(try rows(folder.database, "SELECT COUNT(*) FROM gate_decisions") == ["2"])
    }
}
