// A small mission as typed events, in which every table gets a row, and what the tests ask of a
// database.

import Foundation
import GRDB
import Values

@testable import Compactor
@testable import Mission

/// A folder of its own, removed when the value goes.
final class TemporaryFolder {
    let url: URL
    var database: String { file("recordings.db") }
    init() throws {
        url = FileManager.default.temporaryDirectory
            .appendingPathComponent("blackbox-compactor-\(UUID().uuidString)")
        try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    }
    func file(_ name: String) -> String { url.appendingPathComponent(name).path }
    deinit { try? FileManager.default.removeItem(at: url) }
}

/// One event, with its texts spelled out.
typealias Make = @Sendable (inout Texts) -> MissionEvent

/// A text table that takes strings.
struct Texts: ~Copyable {
    var table = TextTable()
    mutating func callAsFunction(_ string: String) -> Text {
        table.intern(Array(string.utf8).span)
    }
}

/// A recording to feed to a sink.
struct Fixture {
    var header: RecordingHeader
    var events: [Make]
    var footer: RecordingFooter

    /// 2026-03-08 19:20:05 UTC.
    static let start: Int64 = 1_772_997_605_000_000_000

    /// The event number n comes n milliseconds and a half after the start.
    static func stamp(_ number: Int) -> Stamp {
        Stamp(
            sequence: UInt64(10 + number),
            time: start + Int64(number) * 1_000_000 + (number == 0 ? 0 : 500_000))
    }

    init(number: Int = 1, logID: UInt8 = 0xAB, missionName: String = "co08_night_raid") {
        var world = WorldInfo()
        world.author = "Mira"
        world.displayName = "Stratis"
        world.worldName = "stratis"
        world.worldNameOriginal = "Stratis"
        world.worldSize = 8192
        world.latitude = 36.097
        world.longitude = 40.8
        var mission = MissionInfo()
        mission.missionName = missionName
        mission.briefingName = "CO08 \"Night Raid\""
        mission.author = "Мира 🎯"
        mission.serverName = "It's a server; DROP TABLE missions"
        mission.tag = "COOP"
        mission.captureDelay = 0.1
        mission.addons = [
            AddonInfo(name: "CBA_A3", workshopID: "450814997"),
            AddonInfo(name: "Arma 3", workshopID: ""),
        ]
        mission.playableSlots = [1, 8, 2, 3, 4]
        mission.sideFriendly = [false, true, true]
        header = RecordingHeader(
            logID: [logID] + (1...15).map { UInt8($0) }, number: number, start: Self.stamp(0),
            world: world, mission: mission, addonVersion: "2.1.0", extensionVersion: "v1.0.0",
            mode: .standard)
        events = Self.everything
        footer = RecordingFooter(
            end: .saved, last: Self.stamp(100), utcOffsetSeconds: 3600, callCount: 60,
            rejectedCount: 2)
    }

    /// Hands everything to the sink.
    func feed<Sink: RecordingSink & ~Copyable>(_ sink: inout Sink) throws(Sink.Failure) {
        var texts = Texts()
        try sink.begin(header)
        for (number, make) in events.enumerated() {
            let event = make(&texts)
            try sink.receive(event, at: Self.stamp(number + 1), texts: texts.table)
        }
        try sink.end(footer, texts: texts.table)
    }

    /// Writes the recording to a database.
    @discardableResult
    func write(to path: String) throws(SQLiteError) -> Int64 {
        var sink = try SQLiteSink(path: path)
        try feed(&sink)
        return sink.missionID
    }
}

/// Another connection, as a reader has it.
func read<Value>(_ path: String, _ body: (Database) throws -> Value) throws -> Value {
    var configuration = Configuration()
    configuration.readonly = true
    return try DatabaseQueue(path: path, configuration: configuration).read(body)
}

/// The rows of a query as texts, columns joined by `|`; NULL as `∅`, blobs as hexadecimal digits.
func rows(_ path: String, _ sql: String, _ arguments: StatementArguments = []) throws -> [String] {
    try read(path) { database in
        try Row.fetchAll(database, sql: sql, arguments: arguments).map { row in
            row.databaseValues.map { value in
                switch value.storage {
                case .null: "∅"
                case .int64(let number): "\(number)"
                case .double(let number): "\(number)"
                case .string(let text): text
                case .blob(let data): data.map { String(format: "%02x", $0) }.joined()
                }
            }.joined(separator: "|")
        }
    }
}

/// Every row of every table but the times at which rows were written, to compare databases.
func everything(_ path: String) throws -> [String] {
    try Schema.current.tables.flatMap { table in
        let columns = table.columns.map(\.name).filter {
            !(["missions", "worlds", "addons"].contains(table.name)
                && ["created_at", "updated_at"].contains($0))
        }
        let list = columns.map { "\"\($0)\"" }.joined(separator: ",")
        return try rows(path, "SELECT \(list) FROM \"\(table.name)\" ORDER BY 1, 2")
            .map { "\(table.name): \($0)" }
    }
}
