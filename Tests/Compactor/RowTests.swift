// What each event leaves in the tables.

import Foundation
import Testing

@testable import Compactor
@testable import Mission

/// Files kept with the tests.
func golden(_ name: String) -> URL {
    URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent("Golden")
        .appendingPathComponent(name)
}

@Suite struct RowTests {
    @Test func everyEventLeavesTheRowsOfTheGoldenFile() throws {
        let folder = try TemporaryFolder()
        try Fixture().write(to: folder.database)
        try ServerFixture().write(to: folder.database)
        let found = try everything(folder.database)
        let expected = try String(contentsOf: golden("rows.txt"), encoding: .utf8)
            .split(separator: "\n").map(String.init)
        // After a wanted change: read what differs, then let the file follow.
        for (found, expected) in zip(found, expected) { #expect(found == expected) }
        #expect(found.count == expected.count)
        let tables = Set(found.compactMap { $0.split(separator: ":").first })
        #expect(tables.count == Schema.current.tables.count, "a table without a row in the fixture")
    }

    @Test func geometryHasTheHandCheckedBytes() {
        var wkb = WellKnownBinary()
        func hex() -> String { wkb.bytes.map { String(format: "%02x", $0) }.joined() }
        wkb.makePoint(x: 2003, y: 3000.25)
        #expect(hex() == "010100000000000000004c9f40000000008070a740")
        wkb.makeLine([Position(x: 2000, y: 3000, z: 0), Position(x: 2010.5, y: 3020, z: 0)])
        #expect(
            hex() == "0102000000020000000000000000409f40000000000070a7400000000000"
                + "6a9f40000000000098a740")
        wkb.makeLine([])
        #expect(hex() == "010200000000000000")
        wkb.makeTrajectory([])
        #expect(hex() == "010700000000000000")
    }

    @Test(arguments: [
        (0, "1970-01-01 00:00:00+00:00"),
        (1, "1970-01-01 00:00:00+00:00"),
        (1_000, "1970-01-01 00:00:00.000001+00:00"),
        (-1_000, "1969-12-31 23:59:59.999999+00:00"),
        (951_782_399_500_000_000, "2000-02-28 23:59:59.5+00:00"),
        (951_782_400_000_000_000, "2000-02-29 00:00:00+00:00"),
        (951_868_800_000_000_000, "2000-03-01 00:00:00+00:00"),
        (4_107_542_400_000_000_000, "2100-03-01 00:00:00+00:00"),
        (1_772_997_605_123_456_789, "2026-03-08 19:20:05.123456+00:00"),
    ])
    func timesAreUTCWithoutTrailingZeros(nanoseconds: Int64, text: String) {
        #expect(TimeText.string(nanoseconds) == text)
    }

    @Test func datesAgreeWithTheSystemsCalendar() throws {
        var calendar = Calendar(identifier: .gregorian)
        calendar.timeZone = try #require(TimeZone(secondsFromGMT: 0))
        for day in stride(from: Int64(-30_000), through: 100_000, by: 97) {
            let date = Date(timeIntervalSince1970: Double(day) * 86_400)
            let parts = calendar.dateComponents([.year, .month, .day], from: date)
            let found = TimeText.date(day)
            #expect(Int64(parts.year ?? 0) == found.year, "day \(day)")
            #expect(Int64(parts.month ?? 0) == found.month, "day \(day)")
            #expect(Int64(parts.day ?? 0) == found.day, "day \(day)")
        }
    }

    @Test func floatsBecomeTheDecimalsTheyCameFrom() {
        for value: Float in [
            0, 1, 0.1, 0.987654, 123.4, 999.999, -5.2, 1.67772e+07, 1e-7, 3.4e38, 0.003153,
        ] {
            #expect(shortestDecimal(value) == Double(value.description))
        }
        #expect(shortestDecimal(.nan) == 0)
    }

    @Test func aRecreatedSoldierKeepsItsStatesAndItsJoining() throws {
        let folder = try TemporaryFolder()
        var fixture = Fixture()
        fixture.events = [
            Fixture.soldierCreated(7, "First", frame: 3), Fixture.soldierState(7, 4, 1, 1),
            Fixture.soldierCreated(7, "Second", side: "EAST", frame: 9, isRecreation: true),
            Fixture.soldierState(7, 10, 2, 2),
        ]
        try fixture.write(to: folder.database)
        #expect(
            try rows(folder.database, "SELECT unit_name, side, join_frame FROM soldiers")
                == ["Second|EAST|3"])
        #expect(try rows(folder.database, "SELECT COUNT(*) FROM soldier_states") == ["2"])
    }

    @Test func aDeletedSoldierWhoMovesAgainIsNoLongerDeleted() throws {
        let folder = try TemporaryFolder()
        var fixture = Fixture()
        let gone: Make = { _ in .soldierDeleted(EntityDeleted(frame: 20, entity: .soldier(7))) }
        fixture.events = [
            Fixture.soldierCreated(7, "Back"), Fixture.soldierCreated(8, "Gone"), gone,
            { _ in .soldierDeleted(EntityDeleted(frame: 21, entity: .soldier(8))) },
            Fixture.soldierState(7, 30, 1, 1), Fixture.soldierState(8, 21, 1, 1),
        ]
        try fixture.write(to: folder.database)
        #expect(
            try rows(folder.database, "SELECT unit_name, delete_frame FROM soldiers ORDER BY 1")
                == ["Back|∅", "Gone|21"])
    }

    @Test func aJumpIsNoWay() throws {
        let folder = try TemporaryFolder()
        var fixture = Fixture()
        // A tenth of a second a frame: on foot 10 m a frame are the limit.
        fixture.events = [
            Fixture.soldierCreated(7, "Runner"), Fixture.soldierState(7, 2, 0, 0, 0),
            Fixture.soldierState(7, 3, 9, 0, 0), Fixture.soldierState(7, 4, 5000, 0, 0),
            Fixture.soldierState(7, 5, 5003, 4, 0),
            Fixture.soldierState(7, 6, 5006, 4, 0, lifeState: 0),
        ]
        try fixture.write(to: folder.database)
        #expect(try rows(folder.database, "SELECT metres_on_foot FROM soldiers") == ["14.0"])
    }

    @Test func aStateOfAnUnknownSoldierIsCountedNotStored() throws {
        let folder = try TemporaryFolder()
        var fixture = Fixture()
        fixture.events = [Fixture.soldierState(7, 2, 0, 0), Fixture.vehicleState(8, 2, 0, 0)]
        try fixture.write(to: folder.database)
        #expect(try rows(folder.database, "SELECT orphan_count FROM missions") == ["2"])
        #expect(try rows(folder.database, "SELECT COUNT(*) FROM soldier_states") == ["0"])
    }

    @Test func aHitOfASoldierWhoIsCreatedLaterIsKept() throws {
        let folder = try TemporaryFolder()
        var fixture = Fixture()
        fixture.events = [
            Fixture.soldierCreated(0, "Shooter"),
            Fixture.shot(4, by: 0, hits: [(.soldier(9), ["head"])]),
            Fixture.soldierCreated(9, "Late", frame: 6),
        ]
        try fixture.write(to: folder.database)
        #expect(
            try rows(folder.database, "SELECT soldier_object_id FROM projectile_hits_soldiers") == [
                "9"
            ])
    }

    @Test func textOfAnyLengthAndScriptComesBackUnchanged() throws {
        let folder = try TemporaryFolder()
        let hostile = [
            String(repeating: "Ж", count: 70_000), "'); DROP TABLE soldiers; --", "a\"b'c\\d\n\t",
            "👩‍👩‍👧‍👦 🏳️‍🌈", "\u{202E}rtl", "?1 :a @b $c", "%s %d", " ",
        ]
        var fixture = Fixture(missionName: hostile[0])
        fixture.events = hostile.enumerated().map { id, name in
            Fixture.soldierCreated(UInt16(id), name)
        }
        try fixture.write(to: folder.database)
        #expect(
            try rows(folder.database, "SELECT unit_name FROM soldiers ORDER BY object_id")
                == hostile)
        #expect(try rows(folder.database, "SELECT mission_name FROM missions") == [hostile[0]])
    }
}
