// Shots: the one command with long arrays inside (docs/formats/commands.md, "Projectiles"). The
// arrays are read piece by piece, because an explosion's can be hundreds of kilobytes.

import Values

extension RecordingDecoder {
    mutating func projectile(
        _ arguments: borrowing Arguments
    ) throws(RejectReason) -> ProjectileFired {
        try arguments.require(20)
        let frame = try frame(arguments, 0)
        let firer = try arguments.id(2)
        let vehicle = try arguments.optionalID(3)
        let trajectory = try trajectory(arguments, 14)
        let hits = hits(arguments, 16, near: trajectory.last?.position ?? .zero)
        let simulation = text(arguments, 17)
        return ProjectileFired(
            frame: frame, firedTime: finite(arguments, 1), firerID: firer, vehicleID: vehicle,
            vehicleRole: text(arguments, 4), remoteControllerID: leniently(arguments, 5),
            weapon: text(arguments, 6), weaponDisplay: text(arguments, 7),
            muzzle: text(arguments, 8), muzzleDisplay: text(arguments, 9),
            magazine: text(arguments, 10), magazineDisplay: text(arguments, 11),
            ammo: text(arguments, 12), fireMode: text(arguments, 13), trajectory: trajectory,
            initialVelocity: transientText(arguments, 15), hits: hits, simulation: simulation,
            isBullet: texts.bytes(of: simulation).elementsEqual("shotBullet"),
            isSubmunition: arguments.optionalBoolean(18) ?? false,
            magazineIcon: text(arguments, 19))
    }

    private func finite(_ arguments: borrowing Arguments, _ index: Int) -> Double {
        guard let value = try? arguments.number(index), value.isFinite else { return 0 }
        return value
    }

    private func leniently(_ arguments: borrowing Arguments, _ index: Int) -> UInt16? {
        guard let id = try? arguments.optionalID(index) else { return nil }
        return id
    }

    /// The bytes of an argument that holds an array, and how they are written: in strict mode the
    /// reference's undoing of quotes comes first and the rest is read as JSON, which breaks arrays
    /// with an empty text in them; else an array is read as the game printed it. The buffer is lent
    /// out: give it back as `arrayScratch`.
    mutating func arrayText(_ arguments: borrowing Arguments, _ index: Int) -> [UInt8] {
        var text: [UInt8] = []
        swap(&text, &arrayScratch)
        text.removeAll(keepingCapacity: true)
        let raw = arguments.raw(index)
        if isStrict {
            ArgumentText.undouble(ArgumentText.strictInner(raw), into: &text)
        } else if ArgumentText.isQuoted(raw) {
            ArgumentText.undouble(ArgumentText.inner(raw), into: &text)
        } else {
            text.append(contentsOf: raw)
        }
        return text
    }

    var dialect: LiteralReader.Dialect { isStrict ? .json : .sqf }

    /// A text inside an array.
    mutating func text(
        _ range: Range<Int>, isPlain: Bool, in array: Span<UInt8>
    ) -> Text {
        let inside = array.extracting(range)
        if isPlain { return texts.intern(inside) }
        if !isStrict { return undoubled(inside) }
        // Escapes of JSON; the quotes stand right before and behind.
        let quoted = array.extracting(range.lowerBound - 1..<range.upperBound + 1)
        guard case .string(let bytes) = try? JSONValue.parse(quoted) else { return .empty }
        return texts.intern(bytes.span)
    }

    // MARK: The way

    /// `[[tick, frame, "x,y,z"], …]`
    private mutating func trajectory(
        _ arguments: borrowing Arguments, _ index: Int
    ) throws(RejectReason) -> [TrajectoryPoint] {
        let array = arrayText(arguments, index)
        defer { arrayScratch = array }
        var reader = LiteralReader(array.span, dialect: dialect)
        guard reader.next() == .arrayStart else { throw .argument(index: index, .notAnArray) }
        var points: [TrajectoryPoint] = []
        var element = 0
        while true {
            switch reader.next() {
            case .arrayStart:
                let last = points.last?.position ?? .zero
                if let point = point(&reader, array.span, after: last) {
                    points.append(point)
                } else {
                    notes.append(.element(argument: index, index: element))
                }
            case .arrayEnd:
                guard reader.next() == .end else { throw .argument(index: index, .notAnArray) }
                return points
            case .malformed, .end: throw .argument(index: index, .notAnArray)
            case .none: notes.append(.element(argument: index, index: element))
            case .number, .string, .bool, .word:
                if isStrict { throw .argument(index: index, .notAnArray) }
                notes.append(.element(argument: index, index: element))
            }
            element += 1
        }
    }

    /// The rest of one point, its opening bracket is read; coordinates that are not finite are those of the
    /// point before it. nil when it is not usable.
    private mutating func point(
        _ reader: inout LiteralReader, _ array: Span<UInt8>, after last: Position
    ) -> TrajectoryPoint? {
        var tick = 0.0
        var frame: UInt32?
        var position: Position?
        var field = 0
        while true {
            switch reader.next() {
            case .number(let value) where field == 0: tick = value.isFinite ? value : 0
            case .number(let value) where field == 1: frame = plausibleFrame(value)
            case .string(let range, _) where field == 2:
                position = Position.parse(array.extracting(range), ifNotFinite: last)
            case .arrayStart:
                if !isStrict, field == 2 {
                    position = numbers(&reader, ifNotFinite: last)
                } else if !reader.skipRest() {
                    return nil
                }
            case .arrayEnd:
                guard let frame, let position else { return nil }
                return TrajectoryPoint(tick: tick, frame: frame, position: position)
            case .malformed, .end: return nil
            default: break
            }
            field += 1
        }
    }

    /// The rest of a position that came as an array of numbers.
    private func numbers(
        _ reader: inout LiteralReader, ifNotFinite fallback: Position
    ) -> Position? {
        var position = Position.zero
        var field = 0
        while true {
            switch reader.next() {
            case .number(let value):
                if field == 0 { position.x = value.isFinite ? value : fallback.x }
                if field == 1 { position.y = value.isFinite ? value : fallback.y }
                if field == 2 { position.z = value.isFinite ? value : fallback.z }
            case .arrayEnd: return field >= 2 ? position : nil
            case .arrayStart:
                _ = reader.skipRest()
                field = -1000
            case .malformed, .end: return nil
            default: field = -1000
            }
            field += 1
        }
    }

    private mutating func plausibleFrame(_ value: Double) -> UInt32? {
        guard value.isFinite, value > -1, value < 4_294_967_295 else { return nil }
        let frame = UInt32(value)
        return frames.accepts(frame) ? frame : nil
    }

    // MARK: Hits

    /// `[[id, component, "x,y,z", frame], …]`; a component is a text or an array of texts. What can't
    /// be used is left out, the shot stays. Coordinates that are not finite are those of `end`, where the
    /// shot ended.
    private mutating func hits(
        _ arguments: borrowing Arguments, _ index: Int, near end: Position
    ) -> [ProjectileHit] {
        let array = arrayText(arguments, index)
        defer { arrayScratch = array }
        var hits: [ProjectileHit] = []
        var reader = LiteralReader(array.span, dialect: dialect)
        let noted = notes.count
        guard reader.next() == .arrayStart else {
            notes.append(.replaced(argument: index))
            return []
        }
        var element = 0
        while true {
            switch reader.next() {
            case .arrayStart:
                if let hit = hit(&reader, array.span, near: end) {
                    if case .unknown(let id) = hit.entity {
                        notes.append(.hitOfUnknown(id: id))
                    } else {
                        hits.append(hit)
                    }
                } else {
                    notes.append(.element(argument: index, index: element))
                }
            case .arrayEnd where reader.next() == .end: return hits
            case .none:
                notes.append(.element(argument: index, index: element))
            case .number where !isStrict, .string where !isStrict, .bool where !isStrict,
                .word where !isStrict:
                notes.append(.element(argument: index, index: element))
            default:
                // Nothing of it can be believed: one note for all.
                notes.removeLast(notes.count - noted)
                notes.append(.replaced(argument: index))
                return []
            }
            element += 1
        }
    }

    /// The rest of one hit, its opening bracket is read. nil when it is not usable.
    private mutating func hit(
        _ reader: inout LiteralReader, _ array: Span<UInt8>, near end: Position
    ) -> ProjectileHit? {
        var id: UInt16?
        var components: [Text] = []
        var position: Position?
        var frame: UInt32?
        var field = 0
        while true {
            switch reader.next() {
            case .number(let value) where field == 0: id = hitID(value)
            case .string(let range, let isPlain) where field == 1:
                components.append(text(range, isPlain: isPlain, in: array))
            case .arrayStart where field == 1:
                guard self.components(&reader, array, into: &components) else { return nil }
            case .string(let range, _) where field == 2:
                position = Position.parse(array.extracting(range), ifNotFinite: end)
            case .arrayStart where field == 2 && !isStrict:
                position = numbers(&reader, ifNotFinite: end)
            case .number(let value) where field == 3: frame = plausibleFrame(value)
            case .arrayStart:
                if !reader.skipRest() { return nil }
            case .arrayEnd:
                guard let id, let position, let frame else { return nil }
                return ProjectileHit(
                    entity: classify(id), frame: frame, position: position,
                    components: components)
            case .malformed, .end: return nil
            default: break
            }
            field += 1
        }
    }

    /// The reference cuts any number to 16 bits; we want an id.
    private func hitID(_ value: Double) -> UInt16? {
        guard value.isFinite else { return nil }
        if value >= 0, value <= 65_535 { return UInt16(value) }
        guard isStrict, abs(value) < 1e18 else { return nil }
        return UInt16(truncatingIfNeeded: Int64(value))
    }

    /// The rest of an array of texts; anything else in it is left out.
    private mutating func components(
        _ reader: inout LiteralReader, _ array: Span<UInt8>, into components: inout [Text]
    ) -> Bool {
        while true {
            switch reader.next() {
            case .string(let range, let isPlain):
                components.append(text(range, isPlain: isPlain, in: array))
            case .arrayStart:
                if !reader.skipRest() { return false }
            case .arrayEnd: return true
            case .malformed, .end: return false
            default: break
            }
        }
    }
}
