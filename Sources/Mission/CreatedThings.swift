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
}

/// All ids and marker names that a recording creates.
struct CreatedThings: Sendable {
    var soldiers = IDSet()
    var vehicles = IDSet()
    var placed = IDSet()
    private var markerHashes: [UInt64] = []

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
