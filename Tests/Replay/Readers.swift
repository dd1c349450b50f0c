// The programs that play replays, as far as they read a file: what they take from it, and what makes
// them refuse it (docs/formats/replay-json.md, "Who reads it").

import Foundation

/// Why a reader refuses a file.
struct Refusal: Error, CustomStringConvertible {
    var description: String
    init(_ text: String) { description = text }
}

/// What both readers look at.
struct ReplayDocument {
    var top: [String: Any]
    var entities: [[String: Any]]
    var events: [[Any]]
    var markers: [[Any]]
    var times: [[String: Any]]
    var endFrame: Int

    init(_ text: String) throws {
        guard let top = try JSONSerialization.jsonObject(with: Data(text.utf8)) as? [String: Any],
            let entities = top["entities"] as? [[String: Any]],
            let events = top["events"] as? [[Any]], let markers = top["Markers"] as? [[Any]],
            let times = top["times"] as? [[String: Any]], let endFrame = top["endFrame"] as? Int
        else { throw Refusal("not the shape of a replay") }
        self.top = top
        self.entities = entities
        self.events = events
        self.markers = markers
        self.times = times
        self.endFrame = endFrame
    }

    func entity(_ id: Int) -> [String: Any] { entities[id] }
}

/// What a reader shows of an entity in a frame.
struct Sight: Equatable, CustomStringConvertible {
    var x: Double
    /// Life state of a soldier, 0 or 1 of a vehicle.
    var life: Int
    /// Crew of a vehicle.
    var crew: [Int] = []
    var description: String { "\(x) \(life) \(crew)" }
}

/// The JavaScript viewer of OCAP2 web 1.x.
struct OldViewer {
    let document: ReplayDocument
    /// Offers the real and the mission's time besides the elapsed one.
    var hasClock: Bool { document.times.contains { $0["frameNum"] as? Int == 0 } }

    init(_ text: String) throws { try self.init(ReplayDocument(text)) }

    init(_ document: ReplayDocument) throws {
        self.document = document
        for entity in document.entities {
            // It iterates over them.
            guard let positions = entity["positions"] as? [[Any]] else {
                throw Refusal("positions is no array")
            }
            guard entity["type"] is String, entity["startFrameNum"] is Int else {
                throw Refusal("an entity without type or start")
            }
            for position in positions where (position[0] as? [Double])?.count != 3 {
                throw Refusal("a place that is no place")
            }
        }
        for event in document.events { try check(event) }
        for marker in document.markers {
            guard marker[0] is String else { throw Refusal("a marker's type is no text") }
            guard let end = marker[3] as? Int, let places = marker[7] as? [[Any]] else {
                throw Refusal("a marker without positions")
            }
            // Found by halving.
            let frames = places.map { $0[0] as? Int ?? -1 }
            if end != -1 && frames != frames.sorted() {
                throw Refusal("a marker's positions don't rise: \(frames)")
            }
        }
    }

    private func check(_ event: [Any]) throws {
        guard event.count >= 3, event[0] is Int, let kind = event[1] as? String else {
            throw Refusal("an event without frame or kind")
        }
        switch kind {
        case "connected", "disconnected":
            guard event[2] is String else { throw Refusal("a \(kind) name that is no text") }
        case "killed", "hit":
            guard let victim = event[2] as? Int, let cause = event[3] as? [Any],
                let causer = cause.first as? Int, document.entities.indices.contains(victim),
                document.entities.indices.contains(causer)
            else { throw Refusal("a \(kind) of nobody") }
        case "captured":
            // A colour's text and a place.
            guard let parts = event[2] as? [Any], parts.count >= 4, parts[3] is String else {
                throw Refusal("captured in the new form")
            }
        case "endMission":
            guard let parts = event[2] as? [Any], parts.count >= 2 else {
                throw Refusal("endMission without side and message")
            }
        default: break
        }
    }

    /// What it shows of an entity in a frame.
    func sight(_ id: Int, _ frame: Int) -> Sight? {
        let entity = document.entity(id)
        guard let positions = entity["positions"] as? [[Any]],
            let start = entity["startFrameNum"] as? Int
        else { return nil }
        if entity["type"] as? String == "unit" {
            let index = frame - start
            return positions.indices.contains(index) ? place(positions[index]) : nil
        }
        for position in positions {
            guard let range = position[4] as? [Int] else { return nil }
            if range[0] <= frame && frame <= range[1] { return place(position, hasCrew: true) }
        }
        return nil
    }
}

/// The later rewrite: a converting server.
struct NewWeb {
    let document: ReplayDocument
    private var tracks: [[Sight]] = []

    init(_ text: String) throws { try self.init(ReplayDocument(text)) }

    init(_ document: ReplayDocument) throws {
        self.document = document
        for key in ["worldName", "missionName"] where (document.top[key] as? String ?? "").isEmpty {
            throw Refusal("no \(key)")
        }
        if document.endFrame == 0 { throw Refusal("one frame is no recording") }
        for time in document.times { try check(time["frameNum"], "times") }
        for event in document.events { try check(event[0], "events") }
        for marker in document.markers {
            try check(marker[2], "Markers")
            for place in marker[7] as? [[Any]] ?? [] { try check(place[0], "a marker's positions") }
        }
        for entity in document.entities {
            try check(entity["startFrameNum"], "entities")
            var track: [Sight] = []
            for position in entity["positions"] as? [[Any]] ?? [] {
                guard entity["type"] as? String != "unit" else {
                    track.append(place(position))
                    continue
                }
                let range = position[4] as? [Int] ?? []
                guard range.count == 2 else { throw Refusal("a vehicle without range") }
                if range[0] <= range[1] {
                    for _ in range[0]...range[1] { track.append(place(position, hasCrew: true)) }
                }
            }
            tracks.append(track)
        }
    }

    /// Frames are unsigned.
    private func check(_ frame: Any?, _ part: String) throws {
        guard let number = frame as? Int, number >= 0 else {
            throw Refusal("a frame below 0 in \(part)")
        }
    }

    /// What it shows of an entity in a frame.
    func sight(_ id: Int, _ frame: Int) -> Sight? {
        guard let start = document.entity(id)["startFrameNum"] as? Int else { return nil }
        let index = frame - start
        return tracks[id].indices.contains(index) ? tracks[id][index] : nil
    }
}

private func place(_ position: [Any], hasCrew: Bool = false) -> Sight {
    Sight(
        x: (position[0] as? [Double])?[0] ?? -1, life: position[2] as? Int ?? -1,
        crew: hasCrew ? position[3] as? [Int] ?? [] : [])
}
