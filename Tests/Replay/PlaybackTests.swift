// The default mode plays in both viewers, and plays what happened: each entity is where its last
// state put it, in every frame.

import Testing

@testable import Mission
@testable import Replay

@Suite struct PlaybackTests {
    @Test func bothViewersTakeTheDefaultForm() throws {
        let text = try awkwardScript().document(.standard)
        let old = try OldViewer(text)
        #expect(old.hasClock)
        _ = try NewWeb(text)
    }

    /// So that the models above are known to refuse anything.
    @Test func theReadersRefuseTheReferencesForm() throws {
        let text = try awkwardScript().document(.strict)
        #expect(throws: Refusal.self) { try OldViewer(text) }
        #expect(throws: Refusal.self) { try NewWeb(text) }
        #expect(throws: Refusal.self) { try OldViewer("{}") }
        let good = try exampleScript().document(.standard)
        _ = try OldViewer(good)
        for (part, bad) in [
            (#""connected","Mira""#, #""connected",[1]"#), (#""WEST","",[2050"#, #""WEST",[2050"#),
            (#""positions":["#, #""positions":null,"x":["#), (#""killed",1"#, #""killed",3"#),
            (#"["WEST","BLUFOR wins"]"#, #""BLUFOR wins""#),
        ] {
            let changed = good.replacing(part, with: bad, maxReplacements: 1)
            #expect(changed != good)
            #expect(throws: Refusal.self) { try OldViewer(changed) }
        }
    }

    @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
    func bothViewersShowEveryEntityWhereItWas(_ seed: UInt64) throws {
        print("seed \(seed)")
        var world = RandomWorld(seed: seed)
        world.run()
        let text = try world.script.document(.standard)
        let old = try OldViewer(text)
        let new = try NewWeb(text)
        #expect(old.document.endFrame == world.lastFrame - 1)
        for id in world.truth.indices {
            for frame in 0...old.document.endFrame {
                let expected = world.sight(id, frame)
                #expect(old.sight(id, frame) == expected, "old viewer, \(id) in frame \(frame)")
                #expect(new.sight(id, frame) == expected, "new web, \(id) in frame \(frame)")
            }
        }
    }

    /// Everything that has broken a viewer.
    private func awkwardScript() -> Script {
        let script = exampleScript()
        script.general(0, "connected", "[1]")
        script.general(0, "generalEvent", "{\"a\":1}")
        script.general(3, "endMission", "won")
        script.time(0, "2026-03-08T19:20:00.123", "2035-06-24T03:15:00", seconds: 0)
        script.soldier(3, 9, "Late")
        script.shot(3, by: 500, path: [(3, 0, 0, 0)], hits: [(.soldier(0), 3, 1, 1, 1)])
        script.kill(4, .unknown(900), by: .unknown(901), "x", 1)
        script.placed(2, 12, owner: 700)
        script.placedEvent(3, 12, "hit", hit: .unknown(800))
        let marker = script.marker(0, "early")
        script.markerState(4, marker, at: Position(x: 1, y: 1, z: 1))
        script.markerState(2, marker, at: Position(x: 1, y: 1, z: 1))
        script.deleteMarker(5, marker)
        return script
    }
}

/// Soldiers and vehicles that come, move, die, vanish and return, and where they really were.
private struct RandomWorld {
    struct Entity {
        var isVehicle: Bool
        var join: Int
        /// Frame and look, in order; a look of nil is a delete.
        var changes: [(frame: Int, sight: Sight?)] = []
    }

    var script = Script()
    var truth: [Entity] = []
    var lastFrame = 1
    private var state: UInt64

    init(seed: UInt64) { state = seed &* 0x9E37_79B9_7F4A_7C15 }

    private mutating func random(_ bound: Int) -> Int {
        state = state &* 6_364_136_223_846_793_005 &+ 1_442_695_040_888_963_407
        return Int((state >> 33) % UInt64(bound))
    }

    mutating func run() {
        for frame in 1...60 {
            if random(6) == 0 || frame == 1 { create(frame) }
            for id in truth.indices where random(4) == 0 { change(id, frame) }
        }
    }

    private mutating func create(_ frame: Int) {
        let id = UInt16(truth.count)
        let isVehicle = random(3) == 0
        truth.append(Entity(isVehicle: isVehicle, join: frame))
        if isVehicle {
            script.vehicle(UInt32(frame), id)
        } else {
            script.soldier(UInt32(frame), id, "A")
        }
    }

    private mutating func change(_ id: Int, _ frame: Int) {
        let key = UInt16(id)
        if random(12) == 0 {
            truth[id].changes.append((frame, nil))
            if truth[id].isVehicle {
                script.deleteVehicle(UInt32(frame), key)
            } else {
                script.deleteSoldier(UInt32(frame), key)
            }
            return
        }
        lastFrame = max(lastFrame, frame)
        let x = Double(random(1_000_000)) / 100
        let life = random(2)
        if truth[id].isVehicle {
            let crew = (0..<random(3)).map { _ in random(9) }
            truth[id].changes.append((frame, Sight(x: x, life: life, crew: crew)))
            script.vehicleState(UInt32(frame), key, x, isAlive: life == 1, crew: "\(crew)")
        } else {
            truth[id].changes.append((frame, Sight(x: x, life: life)))
            script.state(UInt32(frame), key, x, life: UInt8(life))
        }
    }

    /// Where an entity was, frames from 0: the first state counts from the beginning; after the last
    /// delete that nothing newer follows there is nothing.
    func sight(_ id: Int, _ shown: Int) -> Sight? {
        let frame = shown + 1
        let entity = truth[id]
        guard frame >= entity.join else { return nil }
        var current: Sight?
        var deleted: Int?
        for change in entity.changes {
            guard let sight = change.sight else {
                deleted = change.frame
                continue
            }
            if let frame = deleted, change.frame > frame { deleted = nil }
            if current == nil || change.frame <= frame { current = sight }
        }
        if let deleted, frame > deleted { return nil }
        return current
    }
}
