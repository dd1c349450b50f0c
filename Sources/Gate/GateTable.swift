// Players by id: open addressing over the bytes of the id, so that a poll with 256 players waiting is
// a hash, a look and a compare, without an allocation.

import Values

/// The table of entries. Bounded: the caller removes before it inserts at the limit.
struct GateTable {
    private(set) var entries: [GateEntry] = []
    /// Hash slot → index + 1 in `entries`, 0 for free; a power of two, at most half full.
    private var slots: [Int32]
    static let limit = 4096

    init() { slots = [Int32](repeating: 0, count: 2 * Self.limit) }

    func find(_ id: Span<UInt8>) -> Int? {
        let hash = Self.hash(id)
        var slot = Int(hash & UInt64(slots.count - 1))
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            let entry = entries[index]
            if entry.hash == hash {
                let known = entry.id
                if known.span.elementsEqual(id) { return index }
            }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds an entry whose id is not there.
    mutating func insert(_ entry: GateEntry) {
        entries.append(entry)
        place(entries.count - 1)
    }

    /// Takes an entry out; the last one takes its place. Rare, so the slots are simply filled anew.
    mutating func remove(_ index: Int) {
        let last = entries.removeLast()
        if index < entries.count { entries[index] = last }
        fillSlots()
    }

    mutating func removeAll() {
        entries = []
        fillSlots()
    }

    private mutating func fillSlots() {
        for slot in slots.indices { slots[slot] = 0 }
        for index in entries.indices { place(index) }
    }

    private mutating func place(_ index: Int) {
        var slot = Int(entries[index].hash & UInt64(slots.count - 1))
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(index + 1)
    }

    /// FNV-1a, 64 bits.
    static func hash(_ id: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in id.indices { hash = (hash ^ UInt64(id[index])) &* 0x100_0000_01B3 }
        return hash ^ (hash >> 29)
    }
}
