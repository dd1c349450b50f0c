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

    var count: Int { entries.count }

    subscript(index: Int) -> GateEntry {
        _read { yield entries[index] }
        _modify { yield &entries[index] }
    }

    func find(_ id: Span<UInt8>) -> Int? {
        let hash = Self.hash(id)
        var slot = Int(hash & UInt64(slots.count - 1))
        while slots[slot] != 0 {
            let index = Int(slots[slot]) - 1
            if entries[index].hash == hash, Self.isSame(entries[index].id, id) { return index }
            slot = (slot + 1) & (slots.count - 1)
        }
        return nil
    }

    /// Adds an entry whose id is not there; the index.
    mutating func insert(_ entry: GateEntry) -> Int {
        entries.append(entry)
        place(entries.count - 1)
        return entries.count - 1
    }

    /// Removes entries; rare, so the slots are simply filled anew.
    mutating func removeAll(where isGone: (GateEntry) -> Bool) {
        let before = entries.count
        entries.removeAll(where: isGone)
        guard entries.count != before else { return }
        for slot in slots.indices { slots[slot] = 0 }
        for index in entries.indices { place(index) }
    }

    private mutating func place(_ index: Int) {
        var slot = Int(entries[index].hash & UInt64(slots.count - 1))
        while slots[slot] != 0 { slot = (slot + 1) & (slots.count - 1) }
        slots[slot] = Int32(index + 1)
    }

    private static func isSame(_ a: borrowing [UInt8], _ b: Span<UInt8>) -> Bool {
        guard a.count == b.count else { return false }
        for index in a.indices where a[index] != b[index] { return false }
        return true
    }

    /// FNV-1a, 64 bits.
    static func hash(_ id: Span<UInt8>) -> UInt64 {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in id.indices { hash = (hash ^ UInt64(id[index])) &* 0x100_0000_01B3 }
        return hash ^ (hash >> 29)
    }
}
