// The array `Markers`: map markers by name, then placed objects by id, then the projectiles that are
// no bullets in the order they were told.

import Mission
import Values

extension ReplayWriter {
    mutating func writeMarkers(
        to document: inout Document, texts: borrowing TextTable
    ) throws(ReplayError) {
        var isFirst = true
        for index in markerOrder(texts) {
            document.window.appendComma(&isFirst)
            try write(markers[index], to: &document, texts: texts)
        }
        for index in placedOrder() {
            document.window.appendComma(&isFirst)
            write(placed[index], to: &document, texts: texts)
            try document.passOn()
        }
        try writeProjectiles(to: &document, isFirst: &isFirst, texts: texts)
    }

    // MARK: Map markers

    /// Indices of the markers to write: by name, those of one name in the order of their creation.
    /// The reference forgets all but the newest of a name.
    private func markerOrder(_ texts: borrowing TextTable) -> [Int] {
        var order = Array(markers.indices)
        if mode == .strict {
            var newest: [UInt32: Int] = [:]
            for index in markers.indices { newest[markers[index].created.name.index] = index }
            order = order.filter { newest[markers[$0].created.name.index] == $0 }
        }
        var names: [UInt32: Int] = [:]
        for (rank, text) in sortedNames(order, texts).enumerated() { names[text.index] = rank }
        order.sort { left, right in
            let first = names[markers[left].created.name.index] ?? 0
            let second = names[markers[right].created.name.index] ?? 0
            return first != second ? first < second : left < right
        }
        return order
    }

    /// The names of these markers, each once, in the order of their bytes.
    private func sortedNames(_ indices: [Int], _ texts: borrowing TextTable) -> [Text] {
        var bytes: [(name: Text, bytes: [UInt8])] = []
        var seen: Set<UInt32> = []
        for index in indices {
            let name = markers[index].created.name
            if seen.insert(name.index).inserted {
                bytes.append((name, texts.bytes(of: name).array))
            }
        }
        bytes.sort { $0.bytes.lexicographicallyPrecedes($1.bytes) }
        return bytes.map { $0.name }
    }

    private mutating func write(
        _ marker: MarkerTrack, to document: inout Document, texts: borrowing TextTable
    ) throws(ReplayError) {
        let created = marker.created
        document.window.append(UInt8(ascii: "["))
        document.window.appendText(texts.bytes(of: created.type))
        document.window.append(UInt8(ascii: ","))
        document.window.appendText(texts.bytes(of: created.text))
        document.window.append(UInt8(ascii: ","))
        document.window.appendDecimal(created.frame.shown(mode))
        document.window.append(UInt8(ascii: ","))
        document.window.appendDecimal(marker.deleteFrame.map { $0.shown(mode) } ?? -1)
        document.window.append(UInt8(ascii: ","))
        document.window.appendDecimal(created.ownerID)
        document.window.append(UInt8(ascii: ","))
        document.window.appendColor(texts.bytes(of: created.color))
        document.window.append(UInt8(ascii: ","))
        document.window.appendDecimal(sideNumber(texts.bytes(of: created.side)))
        document.window.append(contentsOf: ",[")
        let look = MarkerLook(created)
        if mode == .standard && !marker.isAscending {
            try writeSorted(look, marker, to: &document, texts: texts)
        } else {
            look.append(
                frame: look.frame.shown(mode), polyline: created.polyline, to: &document.window,
                texts: texts)
            let mode = mode
            try forEachLook(of: marker) { (look) throws(ReplayError) in
                document.window.append(UInt8(ascii: ","))
                look.append(
                    frame: look.frame.shown(mode), polyline: [], to: &document.window, texts: texts)
                try document.passOn()
            }
        }
        document.window.append(contentsOf: "],")
        document.window.appendSize(texts.bytes(of: created.size))
        document.window.append(UInt8(ascii: ","))
        document.window.appendText(texts.bytes(of: created.shape))
        document.window.append(UInt8(ascii: ","))
        document.window.appendText(texts.bytes(of: created.brush))
        document.window.append(UInt8(ascii: "]"))
        try document.passOn()
    }

    /// The old viewer finds a marker's place by halving, so frames must rise.
    private mutating func writeSorted(
        _ first: MarkerLook, _ marker: MarkerTrack, to document: inout Document,
        texts: borrowing TextTable
    ) throws(ReplayError) {
        var looks = [first]
        try forEachLook(of: marker) { (look) throws(ReplayError) in looks.append(look) }
        var order = Array(looks.indices)
        order.sort { left, right in
            let (first, second) = (looks[left].frame, looks[right].frame)
            return first != second ? first < second : left < right
        }
        var isFirst = true
        for index in order {
            document.window.appendComma(&isFirst)
            looks[index].append(
                frame: looks[index].frame.shown(mode), polyline: [], to: &document.window,
                texts: texts)
            try document.passOn()
        }
    }

    private mutating func forEachLook(
        of marker: MarkerTrack, _ body: (MarkerLook) throws(ReplayError) -> Void
    ) throws(ReplayError) {
        guard let stream = marker.stream else { return }
        var chunk = ByteBuffer(capacity: SpillStore.chunkBytes)
        for number in 0..<store.chunkCount(of: stream) {
            try store.read(chunk: number, of: stream, into: &chunk)
            var cursor = ByteCursor(chunk.bytes)
            while !cursor.isAtEnd {
                let look = MarkerLook(from: &cursor)
                guard cursor.isValid else { throw .spillDamaged(path: folderPath) }
                try body(look)
            }
        }
    }

    // MARK: Placed objects

    /// By id; of one id the reference knows only the newest object.
    private func placedOrder() -> [Int] {
        var order = Array(placed.indices)
        if mode == .strict { order = order.filter { placedSlots[placed[$0].created.id] == $0 } }
        order.sort { left, right in
            let (first, second) = (placed[left].created.id, placed[right].created.id)
            return first != second ? first < second : left < right
        }
        return order
    }

    private func write(
        _ object: PlacedTrack, to document: inout Document, texts: borrowing TextTable
    ) {
        let created = object.created
        document.window.append(UInt8(ascii: "["))
        let icon = texts.bytes(of: created.magazineIcon)
        if icon.count == 0 {
            document.window.append(contentsOf: "\"Minefield\"")
        } else {
            document.window.appendMagazineIcon(icon)
        }
        document.window.append(UInt8(ascii: ","))
        document.window.appendText(texts.bytes(of: created.displayName))
        document.window.append(UInt8(ascii: ","))
        document.window.appendDecimal(created.frame.shown(mode))
        document.window.append(UInt8(ascii: ","))
        document.window.appendDecimal(object.endFrame.map { $0.shown(mode) } ?? -1)
        document.window.append(UInt8(ascii: ","))
        document.window.appendDecimal(created.ownerID)
        document.window.append(contentsOf: ",\"D96600\",-1,[")
        document.window.appendPoint(created.frame.shown(mode), created.position)
        document.window.append(contentsOf: "],[1,1],\"ICON\",\"Solid\"]")
    }

    // MARK: Projectiles

    private mutating func writeProjectiles(
        to document: inout Document, isFirst: inout Bool, texts: borrowing TextTable
    ) throws(ReplayError) {
        var chunk = ByteBuffer(capacity: SpillStore.chunkBytes)
        for number in 0..<store.chunkCount(of: projectileStream) {
            try store.read(chunk: number, of: projectileStream, into: &chunk)
            var cursor = ByteCursor(chunk.bytes)
            while !cursor.isAtEnd {
                document.window.appendComma(&isFirst)
                writeProjectile(&cursor, to: &document, texts: texts)
                guard cursor.isValid else { throw .spillDamaged(path: folderPath) }
                try document.passOn()
            }
        }
    }

    private func writeProjectile(
        _ cursor: inout ByteCursor, to document: inout Document, texts: borrowing TextTable
    ) {
        let fired = cursor.frame().shown(mode)
        let firer = UInt16(truncatingIfNeeded: cursor.varint())
        let vehiclePlusOne = cursor.varint()
        let isGrenade = cursor.byte() != 0
        let muzzle = cursor.text()
        let magazine = cursor.text()
        let icon = texts.bytes(of: cursor.text())
        let pointCount = cursor.varint()
        var points: [UInt8] = []
        var last = -1
        for index in 0..<pointCount {
            guard cursor.isValid else { return }
            if index > 0 { points.append(UInt8(ascii: ",")) }
            last = cursor.frame().shown(mode)
            points.appendPoint(last, cursor.position())
        }
        document.window.append(UInt8(ascii: "["))
        if icon.count == 0 {
            document.window.append(contentsOf: "\"mil_triangle\"")
        } else {
            document.window.appendMagazineIcon(icon)
        }
        document.window.append(UInt8(ascii: ","))
        var label: [UInt8] = []
        let isFromVehicle = vehiclePlusOne > 0 && vehiclePlusOne - 1 != UInt64(firer)
        if isFromVehicle {
            if let slot = vehicleSlots[UInt16(truncatingIfNeeded: vehiclePlusOne - 1)] {
                label.append(contentsOf: texts.bytes(of: vehicles[slot].created.displayName))
            }
            label.append(UInt8(ascii: " "))
        }
        if isFromVehicle || !isGrenade {
            label.append(contentsOf: texts.bytes(of: muzzle))
            label.append(contentsOf: " - ")
        }
        label.append(contentsOf: texts.bytes(of: magazine))
        document.window.appendText(label.span)
        document.window.append(UInt8(ascii: ","))
        document.window.appendDecimal(fired)
        document.window.append(UInt8(ascii: ","))
        document.window.appendDecimal(last)
        document.window.append(UInt8(ascii: ","))
        document.window.appendDecimal(firer)
        document.window.append(
            contentsOf: icon.count == 0 ? ",\"ColorRed\",-1,[" : ",\"ColorWhite\",-1,[")
        document.window.append(contentsOf: points)
        document.window.append(contentsOf: "],[1,1],\"ICON\",\"Solid\"]")
    }
}

extension [UInt8] {
    /// A comma, but before the first element.
    mutating func appendComma(_ isFirst: inout Bool) {
        if !isFirst { append(UInt8(ascii: ",")) }
        isFirst = false
    }

    /// `[frame,[x,y,z],0,1]`
    mutating func appendPoint(_ frame: Int, _ position: Position) {
        append(UInt8(ascii: "["))
        appendDecimal(frame)
        append(UInt8(ascii: ","))
        appendPosition(position)
        append(contentsOf: ",0,1]")
    }
}
