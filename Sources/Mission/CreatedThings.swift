// What a recording creates, found by the first pass: so the second one knows whether an id that it
// can't explain yet will be explained later.

/// Something that a CREATE command makes, by what later calls name it with.
struct CreateKey: Equatable {
    private enum Kind: UInt8 {
        case soldier, vehicle, placed, marker
    }

    private let kind: Kind
    private let value: UInt64

    static func entity(_ kind: EntityKind, _ id: UInt16) -> CreateKey {
        switch kind {
        case .soldier: CreateKey(kind: .soldier, value: UInt64(id))
        case .vehicle: CreateKey(kind: .vehicle, value: UInt64(id))
        case .placed: CreateKey(kind: .placed, value: UInt64(id))
        }
    }

    /// A marker's name by its hash: two names with one hash would only make a call wait in vain.
    static func marker(nameHash: UInt64) -> CreateKey {
        CreateKey(kind: .marker, value: nameHash)
    }
}

/// A set of 16-bit ids.
struct IDSet: Sendable {
    private var words: [UInt64] = []

    func contains(_ id: UInt16) -> Bool {
        let word = Int(id >> 6)
        return word < words.count && words[word] & (1 << UInt64(id & 63)) != 0
    }

    mutating func insert(_ id: UInt16) {
        let word = Int(id >> 6)
        while words.count <= word { words.append(0) }
        words[word] |= 1 << UInt64(id & 63)
    }

    mutating func remove(_ id: UInt16) {
        let word = Int(id >> 6)
        if word < words.count { words[word] &= ~(1 << UInt64(id & 63)) }
    }

    /// In rising order.
    var ids: [UInt16] {
        var ids: [UInt16] = []
        for (place, word) in words.enumerated() {
            var rest = word
            while rest != 0 {
                ids.append(UInt16(truncatingIfNeeded: place * 64 + rest.trailingZeroBitCount))
                rest &= rest - 1
            }
        }
        return ids
    }

    /// −1 without any.
    var highest: Int {
        guard let place = words.lastIndex(where: { $0 != 0 }) else { return -1 }
        return place * 64 + 63 - words[place].leadingZeroBitCount
    }
}

/// All ids and marker names that a recording creates.
struct CreatedThings: Sendable {
    var soldiers = IDSet()
    var vehicles = IDSet()
    var placed = IDSet()
    private var markerHashes: [UInt64] = []

    /// The highest id of any kind; −1 without any.
    var highestID: Int { max(soldiers.highest, vehicles.highest, placed.highest) }

    mutating func insertMarker(nameHash: UInt64) {
        let place = lowerBound(nameHash)
        if place < markerHashes.count, markerHashes[place] == nameHash { return }
        markerHashes.insert(nameHash, at: place)
    }

    func contains(_ kind: EntityKind, _ id: UInt16) -> Bool {
        switch kind {
        case .soldier: soldiers.contains(id)
        case .vehicle: vehicles.contains(id)
        case .placed: placed.contains(id)
        }
    }

    func containsMarker(nameHash: UInt64) -> Bool {
        let place = lowerBound(nameHash)
        return place < markerHashes.count && markerHashes[place] == nameHash
    }

    private func lowerBound(_ hash: UInt64) -> Int {
        var low = 0
        var high = markerHashes.count
        while low < high {
            let middle = (low + high) / 2
            if markerHashes[middle] < hash { low = middle + 1 } else { high = middle }
        }
        return low
    }
}
