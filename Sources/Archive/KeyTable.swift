// Which entity a row speaks of: the text of the row's key column → a slot number, in order of first
// appearance. Used alike by writer and reader of a group, so that "as before" means the same row.

import CLZ4

/// Texts and their numbers from 0. Not thread-safe; no text is ever removed but by `removeAll`.
struct KeyTable {
    private var bytes: [UInt8] = []
    /// Where text n ends in `bytes`.
    private var ends: [Int] = []
    /// Number + 1 of the text at that place of the open-addressed table, 0 = free. The size is a
    /// power of two and at least twice the number of texts.
    private var places: [Int32] = Array(repeating: 0, count: 64)

    var count: Int { ends.count }

    mutating func removeAll() {
        bytes.removeAll(keepingCapacity: true)
        ends.removeAll(keepingCapacity: true)
        places = Array(repeating: 0, count: 64)
    }

    /// The number of the text, a new one when it was not there. `start` must have `length` readable
    /// bytes.
    mutating func slot(_ start: UnsafePointer<UInt8>, _ length: Int) -> Int {
        var place = unsafe Self.hash(start, length) & (places.count - 1)
        while true {
            let number = Int(places[place]) - 1
            if number < 0 { break }
            if unsafe holds(number, start, length) { return number }
            place = (place + 1) & (places.count - 1)
        }
        let number = ends.count
        unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: start, count: length))
        ends.append(bytes.count)
        places[place] = Int32(number + 1)
        if ends.count * 2 > places.count { grow() }
        return number
    }

    private func holds(_ number: Int, _ start: UnsafePointer<UInt8>, _ length: Int) -> Bool {
        let from = number == 0 ? 0 : ends[number - 1]
        guard ends[number] - from == length else { return false }
        return unsafe bytes.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return true }
            return unsafe bb_equal_bytes(base + from, start, Int64(length)) != 0
        }
    }

    private mutating func grow() {
        places = Array(repeating: 0, count: places.count * 2)
        unsafe bytes.withUnsafeBufferPointer { buffer in
            var from = 0
            for number in ends.indices {
                var hash = 0
                if let base = buffer.baseAddress {
                    hash = unsafe Self.hash(base + from, ends[number] - from)
                }
                var place = hash & (places.count - 1)
                while places[place] != 0 { place = (place + 1) & (places.count - 1) }
                places[place] = Int32(number + 1)
                from = ends[number]
            }
        }
    }

    /// FNV-1a: keys are a few digits, or a marker's name.
    private static func hash(_ start: UnsafePointer<UInt8>, _ length: Int) -> Int {
        var hash: UInt64 = 0xCBF2_9CE4_8422_2325
        for index in 0..<length {
            hash = (hash ^ UInt64(unsafe start[index])) &* 0x100_0000_01B3
        }
        return Int(truncatingIfNeeded: (hash ^ (hash >> 29)) & 0x3FFF_FFFF)
    }
}
