// What the decoder remembers of the things that a recording has created so far.

/// The cached things of one kind, by their 16-bit id. Nothing is ever removed: a deleted entity can
/// still be hit, and can come back.
struct EntityCache<Entry> {
    /// Id → place in `entries` + 1; 0 where nothing is.
    private var places: [UInt32] = []
    private var entries: [Entry] = []

    /// The entry's place, to be used with the subscript.
    func place(of id: UInt16) -> Int? {
        guard Int(id) < places.count, places[Int(id)] != 0 else { return nil }
        return Int(places[Int(id)]) - 1
    }

    func contains(_ id: UInt16) -> Bool { place(of: id) != nil }

    subscript(place: Int) -> Entry {
        get { entries[place] }
        set { entries[place] = newValue }
    }

    /// Adds or replaces; true when there was one.
    mutating func set(_ id: UInt16, _ entry: Entry) -> Bool {
        if let place = place(of: id) {
            entries[place] = entry
            return true
        }
        if places.count <= Int(id) {
            places.append(contentsOf: repeatElement(0, count: Int(id) + 1 - places.count))
        }
        entries.append(entry)
        places[Int(id)] = UInt32(entries.count)
        return false
    }
}

/// What is known of a soldier.
struct CachedSoldier {
    var name: Text
    var group: Text
    var side: Text
    var isPlayer: Bool
    /// The last good one.
    var position: Position
}

/// What is known of a marker name: the newest marker of that name.
struct CachedMarker {
    var id: UInt32
    var position: Position
    var text: Text
    var color: Text
    var size: Text
    var type: Text
    var brush: Text
    var shape: Text
}
