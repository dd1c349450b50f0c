// The array `entities`: soldiers with one element for each frame, vehicles with one for each state,
// and placeholders where an id belongs to neither.

import Mission
import Values

extension ReplayWriter {
    mutating func writeEntities(
        to document: inout Document, texts: borrowing TextTable
    ) throws(ReplayError) {
        let lastFrame = Int(highestFrame) - 1
        for id in 0..<entityCount {
            if id > 0 { document.window.append(UInt8(ascii: ",")) }
            let key = UInt16(truncatingIfNeeded: id)
            if let slot = vehicleSlots[key] {
                try write(vehicles[slot], lastFrame: lastFrame, to: &document, texts: texts)
            } else if let slot = soldierSlots[key] {
                try write(soldiers[slot], lastFrame: lastFrame, to: &document, texts: texts)
            } else {
                try writePlaceholder(key, to: &document)
            }
            try document.passOn()
        }
    }

    /// The viewer looks entities up by index, so an index without one needs an element, too. With the
    /// reference's nulls in it the old viewer refuses the file.
    private mutating func writePlaceholder(
        _ id: UInt16, to document: inout Document
    ) throws(ReplayError) {
        document.window.append(contentsOf: "{\"id\":")
        document.window.appendDecimal(mode == .strict ? 0 : id)
        document.window.append(
            contentsOf: ",\"name\":\"\",\"side\":\"\",\"isPlayer\":0,\"type\":\"\"")
        document.window.append(contentsOf: ",\"startFrameNum\":0,\"positions\":")
        document.window.append(contentsOf: mode == .strict ? "null" : "[]")
        document.window.append(contentsOf: ",\"framesFired\":")
        if mode == .strict && shotSlots[id] == nil {
            document.window.append(contentsOf: "null")
        } else {
            try writeFramesFired(id, isSoldier: false, to: &document)
        }
        document.window.append(UInt8(ascii: "}"))
    }

    // MARK: Soldiers

    private mutating func write(
        _ soldier: SoldierTrack, lastFrame: Int, to document: inout Document,
        texts: borrowing TextTable
    ) throws(ReplayError) {
        let created = soldier.created
        document.window.append(contentsOf: "{\"id\":")
        document.window.appendDecimal(created.id)
        document.window.append(contentsOf: ",\"name\":")
        document.window.appendText(texts.bytes(of: soldier.playerName ?? created.name))
        if !created.group.isEmpty {
            document.window.append(contentsOf: ",\"group\":")
            document.window.appendText(texts.bytes(of: created.group))
        }
        document.window.append(contentsOf: ",\"side\":")
        document.window.appendText(texts.bytes(of: created.side))
        document.window.append(contentsOf: ",\"isPlayer\":")
        document.window.append(contentsOf: soldier.isEverPlayer ? "1" : "0")
        document.window.append(contentsOf: ",\"type\":\"unit\"")
        if !created.roleDescription.isEmpty {
            document.window.append(contentsOf: ",\"role\":")
            document.window.appendText(texts.bytes(of: created.roleDescription))
        }
        document.window.append(contentsOf: ",\"startFrameNum\":")
        document.window.appendDecimal(soldier.states.joinFrame.shown(mode))
        document.window.append(contentsOf: ",\"positions\":[")
        try writePositions(soldier.states, lastFrame: lastFrame, to: &document, texts: texts)
        document.window.append(contentsOf: "],\"framesFired\":")
        try writeFramesFired(created.id, isSoldier: true, to: &document)
        document.window.append(UInt8(ascii: "}"))
    }

    private mutating func writePositions(
        _ track: StateTrack, lastFrame: Int, to document: inout Document,
        texts: borrowing TextTable
    ) throws(ReplayError) {
        var range = FrameRange(track, lastFrame: lastFrame, mode: mode)
        var chunk = ByteBuffer(capacity: SpillStore.chunkBytes)
        var element: [UInt8] = []
        // From the name on, which seldom changes: `"Mira",1,"Leader","Alpha 1-1","WEST"]`
        var ending: [UInt8] = []
        var current = SoldierRecord()
        var hasCurrent = false
        var isFirst = true
        for number in 0..<store.chunkCount(of: track.stream) {
            try store.read(chunk: number, of: track.stream, into: &chunk)
            var cursor = ByteCursor(chunk.bytes)
            while !cursor.isAtEnd {
                var next = current
                let hasNewLabels = next.decode(from: &cursor)
                guard cursor.isValid else { throw .spillDamaged(path: folderPath) }
                if hasCurrent {
                    let count = range.take(from: current.frame, next: next.frame).count
                    if count > 0 {
                        current.appendElement(to: &element, ending: ending.span)
                        try document.put(element.span, count: count, isFirst: &isFirst)
                    }
                }
                if hasNewLabels || !hasCurrent {
                    next.labels.appendEnding(to: &ending, texts: texts)
                }
                current = next
                hasCurrent = true
            }
        }
        guard hasCurrent else { return }
        let count = range.take(from: current.frame, next: nil).count
        current.appendElement(to: &element, ending: ending.span)
        try document.put(element.span, count: count, isFirst: &isFirst)
    }

    // MARK: Vehicles

    private mutating func write(
        _ vehicle: VehicleTrack, lastFrame: Int, to document: inout Document,
        texts: borrowing TextTable
    ) throws(ReplayError) {
        let created = vehicle.created
        document.window.append(contentsOf: "{\"id\":")
        document.window.appendDecimal(created.id)
        document.window.append(contentsOf: ",\"name\":")
        document.window.appendText(texts.bytes(of: created.displayName))
        document.window.append(contentsOf: ",\"side\":")
        if created.side.isEmpty {
            document.window.append(contentsOf: "\"UNKNOWN\"")
        } else {
            document.window.appendText(texts.bytes(of: created.side))
        }
        document.window.append(contentsOf: ",\"isPlayer\":0,\"type\":\"vehicle\"")
        if !created.vehicleClass.isEmpty {
            document.window.append(contentsOf: ",\"class\":")
            document.window.appendText(texts.bytes(of: created.vehicleClass))
        }
        document.window.append(contentsOf: ",\"startFrameNum\":")
        document.window.appendDecimal(vehicle.states.joinFrame.shown(mode))
        document.window.append(contentsOf: ",\"positions\":[")
        try writeRanges(vehicle.states, lastFrame: lastFrame, to: &document, texts: texts)
        document.window.append(contentsOf: "],\"framesFired\":")
        try writeFramesFired(created.id, isSoldier: false, to: &document)
        document.window.append(UInt8(ascii: "}"))
    }

    private mutating func writeRanges(
        _ track: StateTrack, lastFrame: Int, to document: inout Document,
        texts: borrowing TextTable
    ) throws(ReplayError) {
        var range = FrameRange(track, lastFrame: lastFrame, mode: mode)
        var chunk = ByteBuffer(capacity: SpillStore.chunkBytes)
        var crew: [UInt8] = []
        crew.append(contentsOf: "[]")
        var crewText = Text.empty
        var current = VehicleRecord()
        var hasCurrent = false
        var isFirst = true
        for number in 0..<store.chunkCount(of: track.stream) {
            try store.read(chunk: number, of: track.stream, into: &chunk)
            var cursor = ByteCursor(chunk.bytes)
            while !cursor.isAtEnd {
                var next = VehicleRecord()
                next.decode(from: &cursor)
                guard cursor.isValid else { throw .spillDamaged(path: folderPath) }
                if hasCurrent {
                    let taken = range.take(from: current.frame, next: next.frame)
                    append(current, taken, crew: crew.span, isFirst: &isFirst, to: &document)
                    try document.passOn()
                }
                if next.crew != crewText {
                    crew.removeAll(keepingCapacity: true)
                    crew.appendCrew(texts.bytes(of: next.crew))
                    crewText = next.crew
                }
                current = next
                hasCurrent = true
            }
        }
        guard hasCurrent else { return }
        append(
            current, range.take(from: current.frame, next: nil), crew: crew.span,
            isFirst: &isFirst, to: &document)
    }

    /// A state that ends before the first frame: only the reference writes its −1, which readers take for four
    /// thousand million frames.
    private func append(
        _ state: VehicleRecord, _ taken: FrameRange.Taken, crew: Span<UInt8>, isFirst: inout Bool,
        to document: inout Document
    ) {
        guard mode == .strict || taken.to >= 0 else { return }
        state.appendElement(taken, crew: crew, isFirst: &isFirst, to: &document.window)
    }

    // MARK: Shots

    /// Where bullets ended. The reference attaches them to whatever stands at the firer's index, we
    /// only to soldiers, as its later releases do.
    private mutating func writeFramesFired(
        _ id: UInt16, isSoldier: Bool, to document: inout Document
    ) throws(ReplayError) {
        document.window.append(UInt8(ascii: "["))
        if let stream = shotSlots[id], isSoldier || mode == .strict {
            var chunk = ByteBuffer(capacity: SpillStore.chunkBytes)
            var isFirst = true
            for number in 0..<store.chunkCount(of: stream) {
                try store.read(chunk: number, of: stream, into: &chunk)
                var cursor = ByteCursor(chunk.bytes)
                while !cursor.isAtEnd {
                    if !isFirst { document.window.append(UInt8(ascii: ",")) }
                    isFirst = false
                    document.window.append(UInt8(ascii: "["))
                    document.window.appendDecimal(cursor.frame().shown(mode))
                    document.window.append(UInt8(ascii: ","))
                    document.window.appendPosition(cursor.position())
                    document.window.append(UInt8(ascii: "]"))
                    guard cursor.isValid else { throw .spillDamaged(path: folderPath) }
                }
                try document.passOn()
            }
        }
        document.window.append(UInt8(ascii: "]"))
    }
}

extension SoldierRecord {
    /// `[[x,y,z],bearing,life,vehicle,` and the ending.
    func appendElement(to element: inout [UInt8], ending: Span<UInt8>) {
        element.removeAll(keepingCapacity: true)
        element.append(UInt8(ascii: "["))
        element.appendPosition(position)
        element.append(UInt8(ascii: ","))
        element.appendDecimal(bearing)
        element.append(UInt8(ascii: ","))
        element.appendDecimal(lifeState)
        element.append(UInt8(ascii: ","))
        element.appendDecimal(vehicleID)
        element.append(UInt8(ascii: ","))
        element.append(contentsOf: ending)
    }
}

extension SoldierRecord.Labels {
    /// `name,isPlayer,role,group,side]`
    func appendEnding(to ending: inout [UInt8], texts: borrowing TextTable) {
        ending.removeAll(keepingCapacity: true)
        ending.appendText(texts.bytes(of: name))
        ending.append(contentsOf: isPlayer ? ",1," : ",0,")
        ending.appendText(texts.bytes(of: role))
        ending.append(UInt8(ascii: ","))
        ending.appendText(texts.bytes(of: group))
        ending.append(UInt8(ascii: ","))
        ending.appendText(texts.bytes(of: side))
        ending.append(UInt8(ascii: "]"))
    }
}

extension VehicleRecord {
    /// `[[x,y,z],bearing,alive,[crew],[from,to]]`
    func appendElement(
        _ frames: FrameRange.Taken, crew: Span<UInt8>, isFirst: inout Bool,
        to window: inout [UInt8]
    ) {
        if !isFirst { window.append(UInt8(ascii: ",")) }
        isFirst = false
        window.append(UInt8(ascii: "["))
        window.appendPosition(position)
        window.append(UInt8(ascii: ","))
        window.appendDecimal(bearing)
        window.append(contentsOf: isAlive ? ",1," : ",0,")
        window.append(contentsOf: crew)
        window.append(contentsOf: ",[")
        window.appendDecimal(frames.from)
        window.append(UInt8(ascii: ","))
        window.appendDecimal(frames.to)
        window.append(contentsOf: "]]")
    }
}
