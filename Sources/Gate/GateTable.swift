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

    /// Takes an entry out; the last one takes its place. The entries behind its slot move up, so that
    /// a search never meets a gap before what it looks for.
    mutating func remove(_ index: Int) {
        let mask = slots.count - 1
        var gap = slot(of: index)
        slots[slot(of: entries.count - 1)] = Int32(index + 1)
        slots[gap] = 0
        let last = entries.removeLast()
        if index < entries.count { entries[index] = last }
        var slot = (gap + 1) & mask
        while slots[slot] != 0 {
            let home = Int(entries[Int(slots[slot]) - 1].hash & UInt64(mask))
            if (slot - home) & mask >= (slot - gap) & mask {
                slots[gap] = slots[slot]
                slots[slot] = 0
                gap = slot
            }
            slot = (slot + 1) & mask
        }
    }

    @inline(never)
    private func slot(of index: Int) -> Int {
        var slot = Int(entries[index].hash & UInt64(slots.count - 1))
        while Int(slots[slot]) != index + 1 { slot = (slot + 1) & (slots.count - 1) }
        return slot
    }

    mutating func removeAll() {
        entries = []
        for slot in slots.indices { slots[slot] = 0 }
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
