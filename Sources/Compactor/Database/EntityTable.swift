// What the mapper keeps of each soldier, vehicle and placed object until the recording ends. Ids have
// 16 bits, so this stays small however long the mission is.

import Mission

/// Values by 16-bit id, found without hashing: a state comes by for every row of the largest tables.
struct EntityTable<Value> {
    /// Place in `values` + 1; 0 where there is none.
    private var places = [Int32](repeating: 0, count: 1 << 16)
    private(set) var values: [Value] = []

    /// Where the value of this id stands in `values`.
    func place(of id: UInt16) -> Int? {
        let place = places[Int(id)]
        return place == 0 ? nil : Int(place) - 1
    }

    mutating func insert(_ value: Value, for id: UInt16) {
        if let place = place(of: id) {
            values[place] = value
            return
        }
        values.append(value)
        places[Int(id)] = Int32(values.count)
    }

    mutating func update(_ place: Int, _ change: (inout Value) -> Void) {
        change(&values[place])
    }
}

/// The way that somebody has covered, in steps from state to state.
struct Way {
    var metres = 0.0
    private var last: Position?
    private var lastFrame: UInt32 = 0

    /// Metres a second above which a step was no movement (a respawn, a teleport).
    static let limitOnFoot = 100.0
    static let limitInVehicle = 1000.0

    /// The step to this state, in metres; 0 when it is the first or was a jump.
    mutating func step(
        to position: Position, frame: UInt32, secondsPerFrame: Double, limit: Double
    ) -> Double {
        defer {
            last = position
            lastFrame = frame
        }
        guard let last, frame >= lastFrame else { return 0 }
        let metres = last.distance(to: position)
        let seconds = Double(max(1, frame - lastFrame)) * secondsPerFrame
        return metres <= limit * seconds ? metres : 0
    }
}
