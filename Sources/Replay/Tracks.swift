// What is known of each entity, marker and placed object while a recording's events come in. States
// themselves lie in the spill store, in the stream that the track names.

import Mission

/// Finds the track of a 16-bit id.
struct SlotTable {
    private var slots: [Int32] = []

    /// Number of ids up to the highest one that has a track.
    var idCount: Int { slots.count }

    /// How many ids have a track.
    var trackCount: Int {
        var count = 0
        for slot in slots where slot >= 0 { count += 1 }
        return count
    }

    subscript(id: UInt16) -> Int? {
        get {
            guard Int(id) < slots.count, slots[Int(id)] >= 0 else { return nil }
            return Int(slots[Int(id)])
        }
        set {
            while slots.count <= Int(id) { slots.append(-1) }
            slots[Int(id)] = Int32(newValue ?? -1)
        }
    }
}

/// Frames and states of a soldier or vehicle.
struct StateTrack {
    /// Frame of the CREATE.
    var joinFrame: UInt32
    var deleteFrame: UInt32?
    /// Of any state; nil without one.
    var highestFrame: UInt32?
    let stream: Int

    mutating func note(stateFrame: UInt32, mode: Mode) {
        highestFrame = max(highestFrame ?? 0, stateFrame)
        // A reconnecting player goes on after his delete. In the reference he stays deleted.
        if mode == .standard, let deleteFrame, stateFrame > deleteFrame { self.deleteFrame = nil }
    }

    /// Another CREATE of the same id. The reference begins anew with it, we go on.
    mutating func recreate(frame: UInt32, mode: Mode) {
        deleteFrame = nil
        if mode == .strict {
            joinFrame = frame
            highestFrame = nil
        } else {
            joinFrame = min(joinFrame, frame)
        }
    }
}

struct SoldierTrack {
    var created: SoldierCreated
    var states: StateTrack
    /// CREATE or a state said so.
    var isEverPlayer: Bool
    /// Of the last state that is a player's.
    var playerName: Text?
    /// Of the last state in the stream.
    var lastLabels = SoldierRecord.Labels()
}

struct VehicleTrack {
    var created: VehicleCreated
    var states: StateTrack
}

struct MarkerTrack {
    var created: MarkerCreated
    var deleteFrame: UInt32?
    /// Stream of its states, once there is one.
    var stream: Int?
    var lastFrame: UInt32
    /// No state came with a frame before the one in front of it.
    var isAscending = true
}

struct PlacedTrack {
    var created: PlacedCreated
    /// Of the first event that ended it.
    var endFrame: UInt32?
}
