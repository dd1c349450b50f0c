// Payloads of the records that are not calls: dictionary, clock anchor, loss, mission marks.

import Values

/// A wall and a monotonic reading taken together, and the local time's offset then.
public struct ClockAnchor: Equatable, Sendable {
    /// UTC nanoseconds since 1970.
    public var wall: Int64
    /// Nanoseconds of the clock that records carry.
    public var monotonic: UInt64
    /// Local time minus UTC, seconds.
    public var utcOffset: Int32

    /// All fields.
    public init(wall: Int64, monotonic: UInt64, utcOffset: Int32) {
        self.wall = wall
        self.monotonic = monotonic
        self.utcOffset = utcOffset
    }

    /// UTC nanoseconds for a record's time, without overflow for any input.
    @inline(__always)
    public func wallTime(of time: UInt64) -> Int64 {
        wall &+ Int64(truncatingIfNeeded: time &- monotonic)
    }

    /// The payload, 24 bytes.
    public func encoded() -> [UInt8] {
        var block = ByteBlock(count: 24)
        block.put(wall, at: 0)
        block.put(monotonic, at: 8)
        block.put(utcOffset, at: 16)
        return block.bytes
    }

    /// Reads a payload; nil when it is too short.
    public static func decode(_ payload: Span<UInt8>) -> ClockAnchor? {
        guard payload.count >= 20 else { return nil }
        return ClockAnchor(
            wall: Int64(bitPattern: payload.integer64(0)), monotonic: payload.integer64(8),
            utcOffset: Int32(bitPattern: payload.integer32(16)))
    }
}

/// A mission's start that was taken up, or a save that was: appended right behind the call.
public struct MissionMark: Equatable, Sendable {
    /// Sequence number of the call.
    public var call: UInt64
    /// How many starts the log holds up to here: the recording's number, when all were accepted.
    public var number: UInt32

    /// Both fields.
    public init(call: UInt64, number: UInt32) {
        self.call = call
        self.number = number
    }

    /// Bytes of the payload.
    public static var byteCount: Int { 16 }

    /// The payload, 16 bytes.
    public func encoded() -> [UInt8] {
        var block = ByteBlock(count: Self.byteCount)
        block.put(call, at: 0)
        block.put(number, at: 8)
        return block.bytes
    }

    /// Reads a payload; nil when it is too short.
    public static func decode(_ payload: Span<UInt8>) -> MissionMark? {
        guard payload.count >= byteCount else { return nil }
        return MissionMark(call: payload.integer64(0), number: payload.integer32(8))
    }
}

/// Why calls could not be kept.
public enum LossReason: UInt32, Sendable {
    /// No segment was ready and none could be made: the disk is full, or gone.
    case noSpace = 1
    /// The game outran the keeper.
    case outrun = 2
    /// The argument is larger than a segment holds.
    case tooLarge = 3
    /// The segment's memory failed under us (file cut short, disk error).
    case mapping = 4
}

/// Calls that could not be kept: appended by the first call that can be kept again.
public struct Loss: Equatable, Sendable {
    /// How many.
    public var count: UInt64
    /// Sequence numbers that they would have had.
    public var first: UInt64
    /// Last of them.
    public var last: UInt64
    /// `LossReason` of the first of them, as stored.
    public var reason: UInt32
    /// How many of each priority class: unit states, other states, all else.
    public var byClass: [UInt64]

    /// All fields; `byClass` has three elements.
    public init(count: UInt64, first: UInt64, last: UInt64, reason: UInt32, byClass: [UInt64]) {
        self.count = count
        self.first = first
        self.last = last
        self.reason = reason
        self.byClass = byClass
    }

    /// The payload, 56 bytes.
    public func encoded() -> [UInt8] {
        var block = ByteBlock(count: 56)
        block.put(count, at: 0)
        block.put(first, at: 8)
        block.put(last, at: 16)
        block.put(reason, at: 24)
        for index in 0..<3 where index < byClass.count {
            block.put(byClass[index], at: 32 + index * 8)
        }
        return block.bytes
    }

    /// Reads a payload; nil when it is too short.
    public static func decode(_ payload: Span<UInt8>) -> Loss? {
        guard payload.count >= 56 else { return nil }
        return Loss(
            count: payload.integer64(0), first: payload.integer64(8), last: payload.integer64(16),
            reason: payload.integer32(24),
            byClass: [payload.integer64(32), payload.integer64(40), payload.integer64(48)])
    }
}

/// Kind → command name, as a segment carries it: entries of kind (2 bytes), length of the name
/// (1 byte), name.
public struct CommandDictionary: Sendable {
    /// All names, one behind the other.
    private var text: [UInt8] = []
    private var starts: [Int] = []
    private var ends: [Int] = []
    private var commands: [Command?] = []
    /// Kind → place + 1, for every kind: a scan looks one up for each record.
    private var places = [UInt16](repeating: 0, count: 1 << 16)

    /// An empty one.
    public init() {}

    /// The dictionary that this version writes: every `Command`.
    public static func payload() -> (bytes: [UInt8], count: Int) {
        var bytes: [UInt8] = []
        for command in Command.allCases {
            let kind = command.rawValue
            bytes.append(UInt8(truncatingIfNeeded: kind))
            bytes.append(UInt8(truncatingIfNeeded: kind >> 8))
            let name = command.name
            bytes.append(UInt8(truncatingIfNeeded: name.utf8CodeUnitCount))
            for index in 0..<name.utf8CodeUnitCount {
                bytes.append(unsafe name.utf8Start[index])
            }
        }
        return (bytes, Command.allCases.count)
    }

    /// Takes in a dictionary record; what is malformed in it is left out.
    public mutating func read(_ payload: Span<UInt8>) {
        var at = 0
        while at + 3 <= payload.count {
            let kind = UInt16(payload[at]) | UInt16(payload[at + 1]) << 8
            let length = Int(payload[at + 2])
            at += 3
            guard at + length <= payload.count else { return }
            starts.append(text.count)
            for index in at..<(at + length) { text.append(payload[index]) }
            ends.append(text.count)
            at += length
            commands.append(Self.command(of: Array(text[(text.count - length)...])))
            // The newest entry of a kind counts. A log holds few dictionaries: one a segment.
            places[Int(kind)] = UInt16(truncatingIfNeeded: commands.count)
        }
    }

    /// Forgets everything (at the start of a segment, which brings its own).
    public mutating func clear() {
        text.removeAll(keepingCapacity: true)
        starts.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        commands.removeAll(keepingCapacity: true)
        for index in places.indices { places[index] = 0 }
    }

    /// Place of a kind in this dictionary, for `name(at:)` and `command(at:)`.
    @inline(__always)
    public func place(of kind: UInt16) -> Int? {
        let place = Int(places[Int(kind)])
        return place == 0 || place > commands.count ? nil : place - 1
    }

    /// The command at a place, when this version knows the name.
    public func command(at place: Int) -> Command? { commands[place] }

    /// The name at a place.
    @_lifetime(borrow self)
    public func name(at place: Int) -> Span<UInt8> {
        text.span.extracting(starts[place]..<ends[place])
    }

    private static func command(of name: [UInt8]) -> Command? {
        for command in Command.allCases where command.name.utf8CodeUnitCount == name.count {
            var same = true
            for index in name.indices where unsafe command.name.utf8Start[index] != name[index] {
                same = false
                break
            }
            if same { return command }
        }
        return nil
    }
}

extension Span<UInt8> {
    /// Little-endian integer at `offset`; the caller has checked the length.
    func integer32(_ offset: Int) -> UInt32 {
        var value: UInt32 = 0
        for index in 0..<4 { value |= UInt32(self[offset + index]) << UInt32(index * 8) }
        return value
    }

    func integer64(_ offset: Int) -> UInt64 {
        UInt64(integer32(offset)) | UInt64(integer32(offset + 4)) << 32
    }
}
