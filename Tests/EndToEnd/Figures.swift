// The figures by which a recording is known: from a real mission's summary, from a replay, from the
// database.

import Foundation
import GRDB

/// What the summary of a real mission says of its replay.
struct Summary: Decodable {
    let calls: Int
    let worldName: String
    let missionName: String
    let captureDelay: Double
    let endFrame: Int
    let units: Int
    let players: Int
    let vehicles: Int
    let placeholders: Int
    let vehicleStates: Int
    let framesFired: Int
    let unitSides: [String: Int]
    let events: [String: Int]
    let markers: Int
    let markerPositions: Int
    let markersByType: [String: Int]
    let times: Int
    let unitsSampled: [Sample]

    /// A unit, and the last element of its positions.
    struct Sample: Decodable {
        let id: Int
        let startFrameNum: Int
        let last: Last
    }

    /// `[[x, y, z], bearing, life state, vehicle id, is player]`
    struct Last: Decodable, Equatable {
        let place: [Double]
        let numbers: [Double]

        init(place: [Double], numbers: [Double]) {
            self.place = place
            self.numbers = numbers
        }

        init(from decoder: any Decoder) throws {
            var list = try decoder.unkeyedContainer()
            place = try list.decode([Double].self)
            var numbers: [Double] = []
            while !list.isAtEnd { numbers.append(try list.decode(Double.self)) }
            self.numbers = numbers
        }
    }
}

/// What `generate-mission --summary` says.
struct GeneratedSummary: Decodable {
    let calls: Int
    let callsByCommand: [String: Int]
    let recordings: [Recording]

    struct Recording: Decodable {
        let number: Int
        let frames: Int
        let units: Int
        let vehicles: Int
        let unitStates: Int
        let vehicleStates: Int
        let projectiles: Int
        let kills: Int
        let markers: Int
        let markerStates: Int
        let placed: Int
    }
}

/// A replay file, taken apart.
struct Replay {
    let top: [String: Any]

    init(_ file: URL) throws {
        let object = try JSONSerialization.jsonObject(with: try unpacked(file))
        guard let top = object as? [String: Any] else {
            throw TestFailure("\(file.path): no object")
        }
        self.top = top
    }

    func list(_ key: String) -> [Any] { top[key] as? [Any] ?? [] }
    var entities: [[String: Any]] { list("entities").compactMap { $0 as? [String: Any] } }
    var units: [[String: Any]] { entities.filter { $0["type"] as? String == "unit" } }
    var vehicles: [[String: Any]] { entities.filter { $0["type"] as? String == "vehicle" } }
    var markers: [[Any]] { list("Markers").compactMap { $0 as? [Any] } }
    var endFrame: Int? { top["endFrame"] as? Int }

    func count(_ entities: [[String: Any]], _ key: String) -> Int {
        entities.reduce(0) { $0 + ($1[key] as? [Any] ?? []).count }
    }

    /// How many events there are of each kind.
    var events: [String: Int] {
        list("events").reduce(into: [:]) { counts, event in
            guard let event = event as? [Any], event.count > 1, let kind = event[1] as? String
            else {
                return
            }
            counts[kind, default: 0] += 1
        }
    }

    var markerPositions: Int {
        markers.reduce(0) { $0 + (($1.count > 7 ? $1[7] as? [Any] : nil) ?? []).count }
    }

    func last(of id: Int) -> (start: Int, last: Summary.Last)? {
        guard entities.indices.contains(id), let start = entities[id]["startFrameNum"] as? Int,
            let last = (entities[id]["positions"] as? [Any])?.last as? [Any], last.count >= 6,
            let place = last[0] as? [Double]
        else { return nil }
        let numbers = [1, 2, 3, 5].compactMap { (last[$0] as? NSNumber)?.doubleValue }
        return (start, Summary.Last(place: place, numbers: numbers))
    }
}

/// The database of all missions, asked for one mission's figures.
struct MissionRows {
    let queue: DatabaseQueue

    init(_ file: URL) throws {
        var configuration = GRDB.Configuration()
        configuration.readonly = true
        queue = try DatabaseQueue(path: file.path, configuration: configuration)
    }

    func missions() throws -> [Int64] {
        try queue.read { try Int64.fetchAll($0, sql: "SELECT id FROM missions ORDER BY id") }
    }

    /// Calls that the missions were made from.
    func callCount() throws -> Int {
        try queue.read { try Int.fetchOne($0, sql: "SELECT SUM(call_count) FROM missions") ?? 0 }
    }

    /// All rows of a table or view.
    func count(_ table: String) throws -> Int {
        try queue.read { try Int.fetchOne($0, sql: "SELECT COUNT(*) FROM \(table)") ?? 0 }
    }

    /// How many rows of a table belong to the mission; `condition` narrows it down.
    func count(_ table: String, of mission: Int64, where condition: String = "1") throws -> Int {
        try queue.read {
            try Int.fetchOne(
                $0, sql: "SELECT COUNT(*) FROM \(table) WHERE mission_id = ? AND (\(condition))",
                arguments: [mission]) ?? 0
        }
    }

    func generalEvents(of mission: Int64) throws -> [String: Int] {
        try queue.read { database in
            let rows = try Row.fetchAll(
                database,
                sql:
                    "SELECT name, COUNT(*) AS number FROM general_events WHERE mission_id = ? GROUP BY name",
                arguments: [mission])
            return rows.reduce(into: [:]) { $0[$1["name"]] = $1["number"] }
        }
    }

    func lastFrame(of mission: Int64) throws -> Int {
        try queue.read { database in
            try ["soldier_states", "vehicle_states"].map { table in
                try Int.fetchOne(
                    database, sql: "SELECT MAX(capture_frame) FROM \(table) WHERE mission_id = ?",
                    arguments: [mission]) ?? 0
            }.max() ?? 0
        }
    }
}
