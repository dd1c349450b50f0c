// How states lie in the spill store: about 30 bytes each, texts only where they changed. A private
// matter of one job on one machine, so there is no version and no checksum.

import Mission

extension ByteBuffer {
    mutating func put(_ position: Position) {
        put(number: position.x.bitPattern)
        put(number: position.y.bitPattern)
        put(number: position.z.bitPattern)
    }

    mutating func put(_ text: Text) { put(varint: UInt64(text.index)) }
}

extension ByteCursor {
    @_lifetime(self: copy self)
    mutating func position() -> Position {
        let x = Double(bitPattern: number(UInt64.self))
        let y = Double(bitPattern: number(UInt64.self))
        let z = Double(bitPattern: number(UInt64.self))
        return Position(x: x, y: y, z: z)
    }

    @_lifetime(self: copy self)
    mutating func text() -> Text { Text(index: UInt32(truncatingIfNeeded: varint())) }

    @_lifetime(self: copy self)
    mutating func frame() -> UInt32 { UInt32(truncatingIfNeeded: varint()) }
}

/// What the document shows of a soldier's state.
struct SoldierRecord {
    /// What seldom changes from one state to the next.
    struct Labels: Equatable {
        var name = Text.empty
        var role = Text.empty
        var group = Text.empty
        var side = Text.empty
        var isPlayer = false
    }

    var frame: UInt32 = 0
    var position = Position(x: 0, y: 0, z: 0)
    var bearing: UInt16 = 0
    var lifeState: UInt8 = 0
    /// 0 = none.
    var vehicleID: UInt16 = 0
    var labels = Labels()

    init() {}

    init(_ state: SoldierState) {
        frame = state.frame
        position = state.position
        bearing = state.bearing
        lifeState = state.lifeState
        vehicleID = state.vehicleID ?? 0
        labels = Labels(
            name: state.name, role: state.role, group: state.group, side: state.side,
            isPlayer: state.isPlayer)
    }

    /// Adds the record to `buffer`; `previous` are the labels of the stream's record before it.
    func encode(into buffer: inout ByteBuffer, previous: Labels) {
        let isChanged = labels != previous
        buffer.put(varint: UInt64(frame))
        buffer.put((isChanged ? 1 : 0) | (labels.isPlayer ? 2 : 0) | (vehicleID != 0 ? 4 : 0))
        buffer.put(lifeState)
        buffer.put(varint: UInt64(bearing))
        if vehicleID != 0 { buffer.put(varint: UInt64(vehicleID)) }
        if isChanged {
            buffer.put(labels.name)
            buffer.put(labels.role)
            buffer.put(labels.group)
            buffer.put(labels.side)
        }
        buffer.put(position)
    }

    /// Becomes the next record of a stream. Returns whether the labels changed.
    mutating func decode(from cursor: inout ByteCursor) -> Bool {
        frame = cursor.frame()
        let flags = cursor.byte()
        labels.isPlayer = flags & 2 != 0
        lifeState = cursor.byte()
        bearing = UInt16(truncatingIfNeeded: cursor.varint())
        vehicleID = flags & 4 != 0 ? UInt16(truncatingIfNeeded: cursor.varint()) : 0
        if flags & 1 != 0 {
            labels.name = cursor.text()
            labels.role = cursor.text()
            labels.group = cursor.text()
            labels.side = cursor.text()
        }
        position = cursor.position()
        return flags & 1 != 0
    }
}

/// What the document shows of a vehicle's state.
struct VehicleRecord {
    var frame: UInt32 = 0
    var position = Position(x: 0, y: 0, z: 0)
    var bearing: UInt16 = 0
    var isAlive = false
    var crew = Text.empty

    init() {}

    init(_ state: VehicleState) {
        frame = state.frame
        position = state.position
        bearing = state.bearing
        isAlive = state.isAlive
        crew = state.crew
    }

    func encode(into buffer: inout ByteBuffer) {
        buffer.put(varint: UInt64(frame))
        buffer.put(varint: UInt64(bearing) << 1 | (isAlive ? 1 : 0))
        buffer.put(crew)
        buffer.put(position)
    }

    mutating func decode(from cursor: inout ByteCursor) {
        frame = cursor.frame()
        let bearingAndAlive = cursor.varint()
        bearing = UInt16(truncatingIfNeeded: bearingAndAlive >> 1)
        isAlive = bearingAndAlive & 1 != 0
        crew = cursor.text()
        position = cursor.position()
    }
}
