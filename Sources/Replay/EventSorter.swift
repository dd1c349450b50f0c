// Events in the order of the document: by frame, within a frame by group, within a group by arrival.
// They arrive nearly in that order, but shots are told seconds later. Up to a few megabytes are
// sorted in memory; beyond that, sorted runs go to the spill store and are merged at the end.

/// Where an event belongs in the document.
struct EventKey: Comparable {
    var frame: UInt32
    /// Its group's place within a frame.
    var group: UInt8
    /// Its place within the group.
    var order: UInt64

    static func < (left: EventKey, right: EventKey) -> Bool {
        if left.frame != right.frame { return left.frame < right.frame }
        if left.group != right.group { return left.group < right.group }
        return left.order < right.order
    }
}

/// Takes events in any order and gives them back sorted.
struct EventSorter: ~Copyable {
    private struct Entry {
        var key: EventKey
        var offset: Int
        var count: Int
    }

    private var entries: [Entry] = []
    private var payload: [UInt8] = []
    private var runs: [Int] = []
    private let limitBytes: Int

    /// Keeps about `limitBytes` in memory.
    init(limitBytes: Int) { self.limitBytes = limitBytes }

    mutating func add(
        _ key: EventKey, _ event: borrowing ByteBuffer, store: inout SpillStore
    ) throws(ReplayError) {
        entries.append(Entry(key: key, offset: payload.count, count: event.count))
        event.append(to: &payload)
        if entries.count * MemoryLayout<Entry>.stride + payload.count > limitBytes {
            try writeRun(&store)
        }
    }

    private mutating func writeRun(_ store: inout SpillStore) throws(ReplayError) {
        entries.sort { $0.key < $1.key }
        let stream = store.makeStream()
        var record = ByteBuffer()
        for entry in entries {
            record.clear()
            record.put(number: entry.key.frame)
            record.put(entry.key.group)
            record.put(number: entry.key.order)
            record.put(varint: UInt64(entry.count))
            record.put(payload.span.extracting(entry.offset..<entry.offset + entry.count))
            try store.append(record, to: stream)
        }
        runs.append(stream)
        entries.removeAll(keepingCapacity: true)
        payload.removeAll(keepingCapacity: true)
    }

    /// Hands over all events in order.
    mutating func drain(
        store: inout SpillStore, _ body: (EventKey, Span<UInt8>) throws(ReplayError) -> Void
    ) throws(ReplayError) {
        if runs.isEmpty {
            entries.sort { $0.key < $1.key }
            for entry in entries {
                try body(
                    entry.key, payload.span.extracting(entry.offset..<entry.offset + entry.count))
            }
            return
        }
        try writeRun(&store)
        var readers: [RunReader] = []
        for run in runs {
            let reader = RunReader(stream: run)
            if try reader.advance(&store) { readers.append(reader) }
        }
        var record = ByteBuffer()
        while !readers.isEmpty {
            var first = 0
            for index in readers.indices where readers[index].key < readers[first].key {
                first = index
            }
            readers[first].copyPayload(into: &record)
            try body(readers[first].key, record.bytes)
            if try !readers[first].advance(&store) { readers.remove(at: first) }
        }
    }
}

/// Walks one sorted run.
private final class RunReader {
    private let stream: Int
    private var chunk = ByteBuffer()
    private var nextChunk = 0
    private var offset = 0
    private var payloadStart = 0
    private(set) var key = EventKey(frame: 0, group: 0, order: 0)

    init(stream: Int) { self.stream = stream }

    /// Goes to the next event; false when there is none.
    func advance(_ store: inout SpillStore) throws(ReplayError) -> Bool {
        if offset >= chunk.count {
            guard nextChunk < store.chunkCount(of: stream) else { return false }
            try store.read(chunk: nextChunk, of: stream, into: &chunk)
            nextChunk += 1
            offset = 0
        }
        var cursor = ByteCursor(chunk.bytes, offset: offset)
        key = EventKey(
            frame: cursor.number(UInt32.self), group: cursor.byte(),
            order: cursor.number(UInt64.self))
        let count = cursor.varint()
        payloadStart = cursor.offset
        guard cursor.isValid, count <= UInt64(chunk.count - payloadStart) else {
            throw .spillDamaged(path: "of the job")
        }
        offset = payloadStart + Int(count)
        return true
    }

    /// Puts the event's bytes into `record`.
    func copyPayload(into record: inout ByteBuffer) {
        record.clear()
        record.put(payloadStart..<offset, of: chunk)
    }
}
