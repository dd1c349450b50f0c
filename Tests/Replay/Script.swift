// A recording as a test writes it down: events, with texts as plain strings.

import Foundation
import Values

@testable import Mission
@testable import Replay

/// Events of one recording, in order.
final class Script {
    var texts = TextTable()
    var events: [MissionEvent] = []
    var mission = MissionInfo()
    var world = WorldInfo()
    var addonVersion = "2.1.0"
    var number = 1
    var logID: [UInt8] = Array(0..<16)
    private var markerCount: UInt32 = 0

    init() {
        mission.missionName = "co08_night_raid"
        mission.author = "Mira"
        mission.tag = "COOP"
        mission.captureDelay = 1
        world.worldName = "stratis"
    }

    func text(_ string: String) -> Text {
        let bytes = Array(string.utf8)
        return texts.intern(bytes.span)
    }

    func soldier(
        _ frame: UInt32, _ id: UInt16, _ name: String, group: String = "Alpha 1-1",
        side: String = "WEST", isPlayer: Bool = false, role: String = ""
    ) {
        let isRecreation = events.contains {
            if case .soldierCreated(let created) = $0 { created.id == id } else { false }
        }
        events.append(
            .soldierCreated(
                SoldierCreated(
                    frame: frame, id: id, name: text(name), group: text(group), side: text(side),
                    isPlayer: isPlayer, roleDescription: text(role), className: .empty,
                    displayName: .empty, playerUID: .empty, squadParams: text("[]"),
                    isRecreation: isRecreation)))
    }

    func state(
        _ frame: UInt32, _ id: UInt16, _ x: Double = 1, _ y: Double = 2, _ z: Double = 3,
        bearing: UInt16 = 90, life: UInt8 = 1, vehicle: UInt16? = nil, name: String = "A",
        isPlayer: Bool = false, role: String = "Man", group: String = "Alpha 1-1",
        side: String = "WEST"
    ) {
        events.append(
            .soldierState(
                SoldierState(
                    frame: frame, id: id, position: Position(x: x, y: y, z: z), bearing: bearing,
                    lifeState: life, inVehicle: vehicle != nil, isPlayer: isPlayer,
                    hasStableVitals: true, isDraggedCarried: false, name: text(name),
                    role: text(role), vehicleRole: .empty, stance: .empty, group: text(group),
                    side: text(side), vehicleID: vehicle, scores: nil)))
    }

    func vehicle(
        _ frame: UInt32, _ id: UInt16, _ name: String = "Hunter", kind: String = "car",
        side: String = "WEST"
    ) {
        events.append(
            .vehicleCreated(
                VehicleCreated(
                    frame: frame, id: id, vehicleClass: text(kind), displayName: text(name),
                    className: .empty, customization: .empty, side: text(side),
                    isRecreation: false)))
    }

    func vehicleState(
        _ frame: UInt32, _ id: UInt16, _ x: Double = 1, _ y: Double = 2, _ z: Double = 3,
        bearing: UInt16 = 90, isAlive: Bool = true, crew: String = "[]"
    ) {
        events.append(
            .vehicleState(
                VehicleState(
                    frame: frame, id: id, position: Position(x: x, y: y, z: z), bearing: bearing,
                    isAlive: isAlive, engineOn: true, isLocked: false, crew: text(crew), fuel: 1,
                    damage: 0, side: text("WEST"), vectorDir: .empty, vectorUp: .empty,
                    turretAzimuth: 0, turretElevation: 0)))
    }

    func deleteSoldier(_ frame: UInt32, _ id: UInt16) {
        events.append(.soldierDeleted(EntityDeleted(frame: frame, entity: .soldier(id))))
    }

    func deleteVehicle(_ frame: UInt32, _ id: UInt16) {
        events.append(.vehicleDeleted(EntityDeleted(frame: frame, entity: .vehicle(id))))
    }

    func time(
        _ frame: UInt32, _ utc: String, _ date: String, multiplier: Float = 1, seconds: Float
    ) {
        events.append(
            .timeState(
                TimeState(
                    frame: frame, systemTimeUTC: text(utc), missionDate: text(date),
                    timeMultiplier: multiplier, missionTime: seconds)))
    }

    func shot(
        _ frame: UInt32, by firer: UInt16, vehicle: UInt16? = nil, muzzle: String = "MX 6.5 mm",
        weapon: String = "MX", magazine: String = "6.5 mm 30Rnd", icon: String = "",
        simulation: String = "shotBullet",
        path: [(frame: UInt32, x: Double, y: Double, z: Double)],
        hits: [(EntityReference, frame: UInt32, x: Double, y: Double, z: Double)] = []
    ) {
        events.append(
            .projectile(
                ProjectileFired(
                    frame: frame, firedTime: 0, firerID: firer, vehicleID: vehicle ?? firer,
                    vehicleRole: .empty, remoteControllerID: nil, weapon: .empty,
                    weaponDisplay: text(weapon), muzzle: .empty, muzzleDisplay: text(muzzle),
                    magazine: .empty, magazineDisplay: text(magazine), ammo: .empty,
                    fireMode: .empty,
                    trajectory: path.map {
                        TrajectoryPoint(
                            tick: 0, frame: $0.frame, position: Position(x: $0.x, y: $0.y, z: $0.z))
                    },
                    initialVelocity: .empty,
                    hits: hits.map {
                        ProjectileHit(
                            entity: $0.0, frame: $0.frame,
                            position: Position(x: $0.x, y: $0.y, z: $0.z), components: [])
                    },
                    simulation: text(simulation), isBullet: simulation == "shotBullet",
                    isSubmunition: false, magazineIcon: text(icon))))
    }

    func kill(
        _ frame: UInt32, _ victim: EntityReference, by killer: EntityReference, _ weapon: String,
        _ distance: Float
    ) {
        events.append(
            .killed(
                Killed(
                    frame: frame, victim: victim, killer: killer, weaponVehicle: .empty,
                    weaponName: .empty, weaponMagazine: .empty, weaponText: text(weapon),
                    distance: distance)))
    }

    func general(_ frame: UInt32, _ name: String, _ message: String) {
        events.append(
            .general(
                GeneralEvent(
                    frame: frame, name: text(name), message: text(message), extraData: text("{}"))))
    }

    func sector(
        _ frame: UInt32, _ name: String, _ type: String, _ unit: String, _ side: String,
        _ position: Position = Position(x: 0, y: 0, z: 0)
    ) {
        events.append(
            .sector(
                SectorEvent(
                    frame: frame, name: text(name), objectType: text(type), unitName: text(unit),
                    side: text(side), position: position, hasPosition: true)))
    }

    func end(_ frame: UInt32, _ side: String, _ message: String) {
        events.append(
            .endMission(EndMission(frame: frame, side: text(side), message: text(message))))
    }

    @discardableResult
    func marker(
        _ frame: UInt32, _ name: String, type: String = "mil_dot", text label: String = "",
        owner: Int32 = -1, color: String = "#800000", size: String = "[1,1]",
        side: String = "-1", at position: Position = Position(x: 1, y: 2, z: 3),
        polyline: [(Double, Double)] = [], shape: String = "ICON", direction: Float = 0,
        alpha: Float = 1, brush: String = "Solid"
    ) -> UInt32 {
        markerCount += 1
        events.append(
            .markerCreated(
                MarkerCreated(
                    frame: frame, markerID: markerCount, name: text(name), direction: direction,
                    type: text(type), text: text(label), ownerID: owner, color: text(color),
                    size: text(size), side: text(side), position: position,
                    polyline: polyline.map { Position(x: $0.0, y: $0.1, z: 0) },
                    shape: text(shape), alpha: alpha, brush: text(brush))))
        return markerCount
    }

    func markerState(
        _ frame: UInt32, _ id: UInt32, at position: Position, direction: Float = 0,
        alpha: Float = 1, text label: String = "", color: String = "#800000",
        size: String = "[1,1]", type: String = "mil_dot", brush: String = "Solid",
        shape: String = "ICON"
    ) {
        events.append(
            .markerState(
                MarkerState(
                    frame: frame, markerID: id, position: position, direction: direction,
                    alpha: alpha, text: text(label), color: text(color), size: text(size),
                    type: text(type), brush: text(brush), shape: text(shape))))
    }

    func deleteMarker(_ frame: UInt32, _ id: UInt32) {
        events.append(.markerDeleted(MarkerDeleted(frame: frame, markerID: id)))
    }

    func placed(
        _ frame: UInt32, _ id: UInt16, _ name: String = "APERS Mine", owner: UInt16 = 0,
        icon: String = "", at position: Position = Position(x: 1, y: 2, z: 3)
    ) {
        events.append(
            .placedCreated(
                PlacedCreated(
                    frame: frame, id: id, className: .empty, displayName: text(name),
                    position: position, ownerID: owner, side: text("WEST"), weapon: text("put"),
                    magazineIcon: text(icon))))
    }

    func placedEvent(
        _ frame: UInt32, _ id: UInt16, _ type: String, hit: EntityReference = .none,
        at position: Position = Position(x: 1, y: 2, z: 3)
    ) {
        events.append(
            .placedEvent(
                PlacedEvent(
                    frame: frame, id: id, type: text(type), position: position, hitEntity: hit)))
    }

    // MARK: Writing it

    /// Time of the save: 2026-03-08T19:30:00Z, and two hours ahead of UTC.
    var saveTime: Int64 = 1_773_000_000_000_000_000 - 1_773_000_000_000_000_000 % 60_000_000_000
    var utcOffsetSeconds: Int32 = 7200

    func header(_ mode: Mode) -> RecordingHeader {
        RecordingHeader(
            logID: logID, number: number, start: Stamp(sequence: 1, time: 0), world: world,
            mission: mission, addonVersion: addonVersion, extensionVersion: "v5.0.0", mode: mode)
    }

    var footer: RecordingFooter {
        RecordingFooter(
            end: .saved, last: Stamp(sequence: 99, time: saveTime),
            utcOffsetSeconds: utcOffsetSeconds, callCount: UInt64(events.count), rejectedCount: 0)
    }

    /// Gives it to a sink.
    func play<Sink: RecordingSink & ~Copyable>(
        _ mode: Mode, into sink: inout Sink
    ) throws(Sink.Failure) {
        try sink.begin(header(mode))
        for (index, event) in events.enumerated() {
            try sink.receive(event, at: Stamp(sequence: UInt64(index), time: 0), texts: texts)
        }
        try sink.end(footer, texts: texts)
    }

    /// Writes it into `folder`.
    func write(
        _ mode: Mode, to folder: TestFolder, options: ReplayOptions = .plain
    ) throws -> ReplayResult {
        var writer = ReplayWriter(folder: folder.path, options: options)
        try play(mode, into: &writer)
        guard let result = writer.result else { throw TestFailure(text: "no result") }
        return result
    }

    /// The document's text.
    func document(_ mode: Mode, options: ReplayOptions = .plain) throws -> String {
        let folder = try TestFolder()
        let result = try write(mode, to: folder, options: options)
        return String(decoding: try folder.bytes(result.path), as: UTF8.self)
    }

    /// One value of the document, as text: what stands between its key and the next key.
    func part(_ key: String, _ mode: Mode) throws -> String {
        let text = try document(mode)
        let keys = ["times", "entities", "events", "Markers"]
        guard let index = keys.firstIndex(of: key),
            let start = text.range(of: "\"\(key)\":")?.upperBound
        else { throw TestFailure(text: "no key \(key)") }
        let end =
            index + 1 < keys.count
            ? text.range(of: ",\"\(keys[index + 1])\":")?.lowerBound
            : text.range(of: "}\n")?.lowerBound
        return String(text[start..<(end ?? text.endIndex)])
    }
}

struct TestFailure: Error { var text: String }

extension ReplayOptions {
    static var plain: ReplayOptions {
        var options = ReplayOptions()
        options.isCompressed = false
        return options
    }
}

/// A folder of a test's own, removed with it.
final class TestFolder {
    let path: String

    init() throws {
        path = NSTemporaryDirectory() + "blackbox-replay-" + UUID().uuidString
        try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    }

    deinit { try? FileManager.default.removeItem(atPath: path) }

    func bytes(_ path: String) throws -> [UInt8] {
        [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    }

    /// Names in it, hidden ones too, sorted.
    var names: [String] {
        ((try? FileManager.default.contentsOfDirectory(atPath: path)) ?? []).sorted()
    }

    /// Names of the replays in it.
    var replays: [String] { names.filter { !$0.hasPrefix(".") } }
}
