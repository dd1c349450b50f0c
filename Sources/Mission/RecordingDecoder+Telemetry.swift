// The server's health: arrays of numbers (docs/formats/commands.md, "Telemetry"). Too short ones
// are filled with 0, further elements are ignored.

import Values

extension RecordingDecoder {
    mutating func telemetry(_ arguments: borrowing Arguments) throws(RejectReason) -> Telemetry {
        try arguments.require(7)
        let frame = try frame(arguments, 0)
        let fps = try numbers(arguments, 1, shape: [2])
        let sides = try numbers(arguments, 2, shape: [4, 2, 6])
        let global = try numbers(arguments, 3, shape: [8])
        let scripts = try numbers(arguments, 4, shape: [5])
        let weather = try numbers(arguments, 5, shape: [12])
        let players = try players(arguments, 6)
        var counts: [SideCounts] = []
        counts.reserveCapacity(8)
        for first in stride(from: 0, to: 48, by: 6) {
            counts.append(
                SideCounts(
                    unitsTotal: whole(sides[first]), unitsAlive: whole(sides[first + 1]),
                    unitsDead: whole(sides[first + 2]), groups: whole(sides[first + 3]),
                    vehicles: whole(sides[first + 4]), weaponHolders: whole(sides[first + 5])))
        }
        return Telemetry(
            frame: frame, fpsAverage: single(fps[0]), fpsMinimum: single(fps[1]), sides: counts,
            global: global.map { whole($0) }, scripts: scripts.map { whole($0) },
            weather: weather.map { single($0) }, players: players)
    }

    private func whole(_ value: Double) -> Int32 {
        value.isFinite ? Int32(max(-2_147_483_648, min(2_147_483_647, value))) : 0
    }

    private func single(_ value: Double) -> Float {
        let single = Float(value)
        return single.isFinite ? single : 0
    }

    /// The numbers of an array of arrays …, as many levels as `shape` has, flat in their order.
    private mutating func numbers(
        _ arguments: borrowing Arguments, _ index: Int, shape: [Int]
    ) throws(RejectReason) -> [Double] {
        let array = arrayText(arguments, index)
        defer { arrayScratch = array }
        var values = [Double](repeating: 0, count: shape.reduce(1, *))
        /// Where we are on each level.
        var path = [Int](repeating: 0, count: shape.count)
        var reader = LiteralReader(array.span, dialect: dialect)
        while true {
            let level = reader.depth
            switch reader.next() {
            case .arrayStart where level < shape.count: path[level] = 0
            case .arrayEnd:
                if level >= 2 { path[level - 2] += 1 }
            case .number(let value) where level == shape.count:
                if let place = flat(path, shape) { values[place] = value }
                path[level - 1] += 1
            case .none where level == shape.count: path[level - 1] += 1
            case .end: return values
            default: throw .argument(index: index, .notAnArray)
            }
        }
    }

    /// The place of an element in the flat row; nil when it is one too many on some level.
    private func flat(_ path: [Int], _ shape: [Int]) -> Int? {
        var place = 0
        for level in shape.indices {
            if path[level] >= shape[level] { return nil }
            place = place * shape[level] + path[level]
        }
        return place
    }

    /// `[[uid, name, ping, bandwidth, desync], …]`
    private mutating func players(
        _ arguments: borrowing Arguments, _ index: Int
    ) throws(RejectReason) -> [PlayerNetwork] {
        let array = arrayText(arguments, index)
        defer { arrayScratch = array }
        var players: [PlayerNetwork] = []
        var reader = LiteralReader(array.span, dialect: dialect)
        guard reader.next() == .arrayStart else { throw .argument(index: index, .notAnArray) }
        var element = 0
        while true {
            switch reader.next() {
            case .arrayStart:
                if let player = player(&reader, array.span) {
                    players.append(player)
                } else {
                    notes.append(.element(argument: index, index: element))
                }
            case .arrayEnd:
                guard reader.next() == .end else { throw .argument(index: index, .notAnArray) }
                return players
            case .malformed, .end: throw .argument(index: index, .notAnArray)
            default: notes.append(.element(argument: index, index: element))
            }
            element += 1
        }
    }

    private mutating func player(
        _ reader: inout LiteralReader, _ array: Span<UInt8>
    ) -> PlayerNetwork? {
        var uid: Text?
        var name: Text?
        var figures = InlineArray<3, Double>(repeating: 0)
        var found = 0
        var field = 0
        while true {
            switch reader.next() {
            case .string(let range, let isPlain) where field == 0:
                uid = text(range, isPlain: isPlain, in: array)
            case .string(let range, let isPlain) where field == 1:
                name = text(range, isPlain: isPlain, in: array)
            case .number(let value) where field >= 2 && field < 5:
                figures[field - 2] = value.isFinite ? value : 0
                found += 1
            case .arrayStart:
                if !reader.skipRest() { return nil }
            case .arrayEnd:
                guard let uid, let name, found == 3 else { return nil }
                return PlayerNetwork(
                    uid: uid, name: name, ping: figures[0], bandwidth: figures[1],
                    desync: figures[2])
            case .malformed, .end: return nil
            default: break
            }
            field += 1
        }
    }
}
