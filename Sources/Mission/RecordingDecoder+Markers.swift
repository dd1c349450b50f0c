// Markers on the map (docs/formats/commands.md, "Markers").

import Values

extension RecordingDecoder {
    mutating func markerCreated(
        _ arguments: borrowing Arguments
    ) throws(RejectReason) -> MarkerCreated {
        try arguments.require(14)
        let frame = try frame(arguments, 4)
        let direction = try arguments.float(1)
        var polyline: [Position] = []
        let position: Position
        let shape = text(arguments, 11)
        if texts.bytes(of: shape).elementsEqual("POLYLINE") {
            polyline = try line(arguments, 10)
            position = polyline.first ?? .zero
        } else {
            position = try arguments.position(10)
        }
        let name = text(arguments, 0)
        let marker = CachedMarker(
            id: markers.nextID(), position: position, text: text(arguments, 3),
            color: text(arguments, 7), size: text(arguments, 8), type: text(arguments, 2),
            brush: text(arguments, 13), shape: shape)
        // A name used again means the new marker from now on; the old one stays in the recording.
        markers.set(name, marker)
        noteCreation(.marker(nameHash: texts.longHash(of: name)))
        return MarkerCreated(
            frame: frame, markerID: marker.id, name: name, direction: direction,
            type: marker.type, text: marker.text,
            ownerID: owner(arguments, 6), color: marker.color,
            size: marker.size, side: text(arguments, 9), position: position, polyline: polyline,
            shape: shape, alpha: lenientFloat(arguments, 12, else: 1), brush: marker.brush)
    }

    /// −1 for none, for anything unreadable, and for what can be nobody's id (strict: as it is).
    private func owner(_ arguments: borrowing Arguments, _ index: Int) -> Int32 {
        let value = arguments.plainInteger(index) ?? -1
        if isStrict { return Int32(clamping: value) }
        return value >= 0 && value <= 65_535 ? Int32(value) : -1
    }

    private func lenientFloat(
        _ arguments: borrowing Arguments, _ index: Int, else fallback: Float
    ) -> Float {
        (try? arguments.float(index, ifNotFinite: fallback)) ?? fallback
    }

    /// `[[x,y], …]`, at least two points of at least two numbers.
    private mutating func line(
        _ arguments: borrowing Arguments, _ index: Int
    ) throws(RejectReason) -> [Position] {
        let array = arrayText(arguments, index)
        defer { arrayScratch = array }
        var points: [Position] = []
        var reader = LiteralReader(array.span, dialect: dialect)
        guard reader.next() == .arrayStart else { throw .argument(index: index, .notALine) }
        while true {
            switch reader.next() {
            case .arrayStart:
                guard let point = linePoint(&reader, after: points.last ?? .zero) else {
                    throw .argument(index: index, .notALine)
                }
                points.append(point)
            case .arrayEnd:
                guard points.count >= 2, reader.next() == .end else {
                    throw .argument(index: index, .notALine)
                }
                return points
            default: throw .argument(index: index, .notALine)
            }
        }
    }

    /// The rest of one point; coordinates that are not finite are those of the point before it.
    private func linePoint(_ reader: inout LiteralReader, after last: Position) -> Position? {
        var point = Position.zero
        var field = 0
        while true {
            switch reader.next() {
            case .number(let value):
                if field == 0 { point.x = value.isFinite ? value : last.x }
                if field == 1 { point.y = value.isFinite ? value : last.y }
                field += 1
            case .arrayEnd: return field >= 2 ? point : nil
            default: return nil
            }
        }
    }

    mutating func markerState(_ arguments: borrowing Arguments) throws(RejectReason) -> MarkerState
    {
        // Addons before v2.1.0-rc.1 send the first five only.
        try arguments.require(isStrict ? 11 : 5)
        let name = text(arguments, 0)
        guard let place = markers.place(of: name) else { throw unknownMarker(name) }
        var marker = markers[place]
        let frame = try frame(arguments, 1)
        marker.position = try arguments.position(2, ifNotFinite: marker.position)
        if arguments.count > 5 { marker.text = text(arguments, 5) }
        if arguments.count > 6 { marker.color = text(arguments, 6) }
        if arguments.count > 7 { marker.size = text(arguments, 7) }
        if arguments.count > 8 { marker.type = text(arguments, 8) }
        if arguments.count > 9 { marker.brush = text(arguments, 9) }
        if arguments.count > 10 { marker.shape = text(arguments, 10) }
        markers[place] = marker
        return MarkerState(
            frame: frame, markerID: marker.id, position: marker.position,
            direction: lenientFloat(arguments, 3, else: 0),
            alpha: lenientFloat(arguments, 4, else: 1), text: marker.text, color: marker.color,
            size: marker.size, type: marker.type, brush: marker.brush, shape: marker.shape)
    }

    mutating func markerDeleted(
        _ arguments: borrowing Arguments
    ) throws(RejectReason) -> MarkerDeleted {
        try arguments.require(2)
        let name = text(arguments, 0)
        guard let place = markers.place(of: name) else { throw unknownMarker(name) }
        return MarkerDeleted(frame: try frame(arguments, 1), markerID: markers[place].id)
    }
}
