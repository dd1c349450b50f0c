// What comes from the hub, on its way to the mission: held until a mission listens, handed over in order,
// in pieces when it is long.

import CPlatform
import ICOMWire
import Values

/// Where events of somebody's outbox come from.
final class IcomSource {
    let server: [UInt8]
    let log: [UInt8]
    /// The last one that was taken in, and the last that the game has.
    var received: UInt64
    var delivered: UInt64
    /// The source shall be told of `delivered`.
    var isOwed = false

    init(_ server: [UInt8], _ place: OutboxPlace) {
        self.server = server
        log = place.log
        received = place.sequence
        delivered = place.base
    }
}

/// A callback that waits for the mission.
final class IcomCallback {
    let function: StaticString
    /// With its NUL.
    let data: [UInt8]
    /// Whoever wants to hear when the game has it, and the number that it has there.
    let source: IcomSource?
    let sequence: UInt64

    init(_ function: StaticString, _ data: [UInt8], _ source: IcomSource?, _ sequence: UInt64) {
        self.function = function
        self.data = data
        self.source = source
        self.sequence = sequence
    }
}

/// Callbacks that wait for the mission. Owned by the ICOM thread.
struct IcomInbox {
    /// Longer data goes in pieces.
    private static let pieceLimit = 8_000
    /// The text of a piece, before it is written as JSON (which may double it).
    private static let pieceText = 3_600
    /// Callbacks in one round: half of what the game takes in a frame.
    private static let perRound = 50

    private var waiting: [IcomCallback] = []
    private var taken = 0
    private var pieceID = 0
    /// In the game's buffer, as far as we know; and the places that were free in it.
    private var handed: [IcomCallback] = []
    private var lastFree = Int32.max
    private let limit: Int
    /// Events dropped because nobody listened.
    private(set) var dropped = 0

    init(limit: Int) { self.limit = limit }

    var count: Int { waiting.count - taken }
    var isFull: Bool { count >= limit }

    /// `["<name>",<data>]` for `forge_icom_event`.
    mutating func add(
        _ name: [UInt8], _ data: Span<UInt8>, _ source: IcomSource?, _ sequence: UInt64
    ) {
        var text: [UInt8] = [UInt8(ascii: "[")]
        text.appendJSONString(name.span)
        text.append(UInt8(ascii: ","))
        text.append(contentsOf: data)
        text.append(UInt8(ascii: "]"))
        guard text.count > Self.pieceLimit else {
            return add("forge_icom_event", text, source, sequence)
        }
        // At least so many bytes go into each: the ends move to the ends of characters.
        var starts: [Int] = []
        var start = 0
        while start < text.count {
            starts.append(start)
            start += Self.pieceText
            while start < text.count, text[start] & 0xC0 == 0x80 { start += 1 }
        }
        pieceID += 1
        for index in 0..<starts.count {
            let isLast = index == starts.count - 1
            var piece = [UInt8](bytesOf: "[\"")
            piece.put(number: Int64(pieceID))
            piece.put("\",")
            piece.put(number: Int64(index))
            piece.append(UInt8(ascii: ","))
            piece.put(number: Int64(starts.count))
            piece.append(UInt8(ascii: ","))
            piece.appendJSONString(
                text.span.extracting(starts[index]..<(isLast ? text.count : starts[index + 1])))
            piece.append(UInt8(ascii: "]"))
            add("forge_icom_chunk", piece, isLast ? source : nil, sequence)
        }
    }

    /// `["<target>","<event>","<error>"]` for `icom_failed`.
    mutating func addFailure(_ event: IcomEvent, _ error: [UInt8]) {
        var text: [UInt8] = [UInt8(ascii: "[")]
        let (target, name) = (event.target, event.name)
        text.appendJSONString(target.span)
        text.append(UInt8(ascii: ","))
        text.appendJSONString(name.span)
        text.append(UInt8(ascii: ","))
        text.appendJSONString(error.span)
        text.append(UInt8(ascii: "]"))
        add("icom_failed", text, nil, 0)
    }

    private mutating func add(
        _ function: StaticString, _ data: [UInt8], _ source: IcomSource?, _ sequence: UInt64
    ) {
        // The oldest go; what an outbox keeps stays (and is not taken in beyond the limit).
        if count >= limit, source == nil {
            dropped += 1
            if waiting[taken].source != nil { return }
            taken += 1
        }
        waiting.append(IcomCallback(function, data + [0], source, sequence))
    }

    /// Hands over what the game takes. What an outbox waits for counts as the game's only when it has
    /// been taken out of the game's buffer: a game that is killed loses what is in there.
    mutating func deliver(to callback: GameCallback) {
        guard count > 0 || !handed.isEmpty else { return }
        let end = min(waiting.count, taken + Self.perRound)
        while taken < end {
            let entry = waiting[taken]
            guard unsafe call(callback, entry.function, entry.data) else { break }
            taken += 1
            if entry.source != nil { handed.append(entry) }
        }
        if taken == end, !handed.isEmpty, end == waiting.count {
            // Nothing more to hand over: an empty callback, which scripts ignore, asks how it stands.
            _ = unsafe call(callback, "icom_tick", [0])
        }
        if taken > 256 || taken == waiting.count {
            waiting.removeFirst(taken)
            taken = 0
        }
    }

    /// One callback; false when there is no room for it. Each takes a place of the game's buffer, which
    /// is emptied as a whole: when there are as many places as before, or more, it was emptied since.
    private mutating func call(
        _ callback: GameCallback, _ function: StaticString, _ data: [UInt8]
    ) -> Bool {
        let name: StaticString = "icom"
        // The engine copies the three texts before it returns.
        let free = unsafe data.withUnsafeBytes { data in
            unsafe callback(
                UnsafeRawPointer(name.utf8Start).assumingMemoryBound(to: CChar.self),
                UnsafeRawPointer(function.utf8Start).assumingMemoryBound(to: CChar.self),
                data.baseAddress?.assumingMemoryBound(to: CChar.self))
        }
        guard free >= 0 else {
            // Full: only an emptied buffer has room again.
            lastFree = 0
            return false
        }
        if free >= lastFree {
            for entry in handed {
                entry.source?.delivered = entry.sequence
                entry.source?.isOwed = true
            }
            handed.removeAll(keepingCapacity: true)
        }
        lastFree = free
        return true
    }
}
