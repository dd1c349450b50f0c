// Calls about things that do not exist yet. The addon waits for the plug-in's answer before it sends
// a CREATE, but not before it sends states, so some come early; they are handed out behind their
// CREATE. Copied, because a call lives only as long as the log's reader stands on it.

import Values
import WAL

/// Calls that wait for a CREATE.
struct WaitingCalls {
    /// A call with what it waits for.
    struct Entry {
        var key: CreateKey
        var stamp: Stamp
        var command: Command
        var argumentCount: Int
        var arguments: [UInt8]
    }

    /// Beyond this a call is refused: a CREATE that comes so late is none.
    static let limitBytes = 16 << 20

    private var entries: [Entry] = []
    private var byteCount = 0

    var isEmpty: Bool { entries.isEmpty }

    /// False when too much waits already.
    mutating func add(_ call: borrowing Call, _ command: Command, for key: CreateKey) -> Bool {
        let cost = call.arguments.count + 96
        guard byteCount + cost <= Self.limitBytes else { return false }
        byteCount += cost
        entries.append(
            Entry(
                key: key, stamp: Stamp(sequence: call.sequence, time: call.time), command: command,
                argumentCount: call.argumentCount, arguments: call.arguments.array))
        return true
    }

    /// Takes out those that waited for `key`, in their order.
    mutating func take(_ key: CreateKey) -> [Entry] {
        var taken: [Entry] = []
        var left: [Entry] = []
        for entry in entries {
            if entry.key == key { taken.append(entry) } else { left.append(entry) }
        }
        if taken.isEmpty { return [] }
        entries = left
        for entry in taken { byteCount -= entry.arguments.count + 96 }
        return taken
    }

    /// Takes out all that is left.
    mutating func takeAll() -> [Entry] {
        let all = entries
        entries = []
        byteCount = 0
        return all
    }
}
