// Markers on the map and placed objects (mines, charges).

import Mission
import Replay

/// A marker's row in the making, and how it last looked: what a deletion's row repeats.
struct MarkerEntry {
    var created: MarkerCreated
    var stamp: Stamp
    var last: MarkerLook
    var deleteFrame: UInt32?
}

extension RowMapper {
    mutating func write<Target: RowTarget & ~Copyable>(
        _ created: MarkerCreated, _ stamp: Stamp, _ texts: borrowing TextTable,
        _ target: inout Target
    ) throws(Target.Failure) {
        markerPlaces[created.markerID] = markers.count
        markers.append(MarkerEntry(created: created, stamp: stamp, last: MarkerLook(created)))
        try writeMarker(markers.count - 1, replacing: false, texts, &target)
    }

    mutating func writeMarker<Target: RowTarget & ~Copyable>(
        _ place: Int, replacing: Bool, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        let entry = markers[place]
        let created = entry.created
        target.beginRow(.markers, replacing: replacing)
        target.integer(markerRow(created.markerID))
        target.time(entry.stamp.time)
        target.integer(missionID)
        target.integer(created.frame)
        target.text(texts.bytes(of: created.name))
        target.real(decimal(created.direction))
        target.text(texts.bytes(of: created.type))
        target.text(texts.bytes(of: created.text))
        target.integer(created.ownerID)
        target.text(texts.bytes(of: created.color))
        target.text(texts.bytes(of: created.size))
        target.text(texts.bytes(of: created.side))
        if created.polyline.isEmpty {
            wkb.makePoint(x: created.position.x, y: created.position.y)
        } else {
            wkb.makePoint(x: 0, y: 0)
        }
        target.bytes(wkb.bytes.span)
        wkb.makeLine(created.polyline)
        target.bytes(wkb.bytes.span)
        target.text(texts.bytes(of: created.shape))
        target.real(decimal(created.alpha))
        target.text(texts.bytes(of: created.brush))
        target.boolean(entry.deleteFrame != nil)
        target.integer(entry.deleteFrame)
        writeCoordinates(created.polyline.first ?? created.position, &target)
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ state: MarkerState, _ stamp: Stamp, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        guard let place = place(ofMarker: state.markerID) else { return }
        markers[place].last = MarkerLook(state)
        try writeState(of: place, at: state.frame, isDeleted: false, stamp, texts, &target)
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ deleted: MarkerDeleted, _ stamp: Stamp, _ texts: borrowing TextTable,
        _ target: inout Target
    ) throws(Target.Failure) {
        guard let place = place(ofMarker: deleted.markerID) else { return }
        markers[place].deleteFrame = deleted.frame
        try writeState(of: place, at: deleted.frame, isDeleted: true, stamp, texts, &target)
    }

    /// The model hands over no state of a marker that was not created; should it, there is no row
    /// for the state to refer to.
    private mutating func place(ofMarker number: UInt32) -> Int? {
        if let place = markerPlaces[number] { return place }
        orphanCount += 1
        return nil
    }

    /// A row of a marker's states: how it last looked, a deletion with alpha 0.
    private mutating func writeState<Target: RowTarget & ~Copyable>(
        of place: Int, at frame: UInt32, isDeleted: Bool, _ stamp: Stamp,
        _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        let look = markers[place].last
        target.beginRow(.markerStates, replacing: false)
        target.integer(nextRow(.markerStates))
        target.time(stamp.time)
        target.integer(missionID)
        target.integer(markerRow(markers[place].created.markerID))
        target.integer(frame)
        wkb.makePoint(x: look.position.x, y: look.position.y)
        target.bytes(wkb.bytes.span)
        target.real(decimal(look.direction))
        target.real(isDeleted ? 0 : decimal(look.alpha))
        target.text(texts.bytes(of: look.text))
        target.text(texts.bytes(of: look.color))
        target.text(texts.bytes(of: look.size))
        target.text(texts.bytes(of: look.type))
        target.text(texts.bytes(of: look.brush))
        target.text(texts.bytes(of: look.shape))
        target.boolean(isDeleted)
        writeCoordinates(look.position, &target)
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ created: PlacedCreated, _ stamp: Stamp, _ texts: borrowing TextTable,
        _ target: inout Target
    ) throws(Target.Failure) {
        // The same id again replaces the description; nothing else is kept of it here.
        target.beginRow(.placedObjects, replacing: true)
        target.integer(missionID)
        target.integer(created.id)
        target.time(stamp.time)
        target.time(stamp.time)
        target.integer(created.frame)
        target.text(texts.bytes(of: created.className))
        target.text(texts.bytes(of: created.displayName))
        writeCoordinates(created.position, &target)
        target.integer(created.ownerID)
        target.text(texts.bytes(of: created.side))
        target.text(texts.bytes(of: created.weapon))
        target.text(texts.bytes(of: created.magazineIcon))
        try target.endRow()
    }

    mutating func write<Target: RowTarget & ~Copyable>(
        _ event: PlacedEvent, _ stamp: Stamp, _ texts: borrowing TextTable, _ target: inout Target
    ) throws(Target.Failure) {
        target.beginRow(.placedObjectEvents, replacing: false)
        target.integer(nextRow(.placedObjectEvents))
        target.integer(missionID)
        target.integer(event.id)
        target.text(texts.bytes(of: event.type))
        writeCoordinates(event.position, &target)
        target.integer(event.hitEntity.id)
        target.integer(event.frame)
        target.time(stamp.time)
        try target.endRow()
    }
}
