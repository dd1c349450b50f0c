// Which records `dump` shows.

import Values
import WAL

/// Which records are wanted.
struct RecordFilter {
    private(set) var sequences: ClosedRange<UInt64> = 0...UInt64.max
    private(set) var times: ClosedRange<Int64> = Int64.min...Int64.max
    private let commands: [[UInt8]]

    init(from: Position?, to: Position?, commands: [[UInt8]]) {
        self.commands = commands
        var firstSequence = sequences.lowerBound
        var lastSequence = sequences.upperBound
        var firstTime = times.lowerBound
        var lastTime = times.upperBound
        switch from {
        case .sequence(let number): firstSequence = number
        case .time(let time): firstTime = time
        case nil: break
        }
        switch to {
        case .sequence(let number): lastSequence = number
        case .time(let time): lastTime = time
        case nil: break
        }
        // An empty range accepts nothing: a range of one number that no record has, and one of time.
        sequences = firstSequence <= lastSequence ? firstSequence...lastSequence : 0...0
        times = firstTime <= lastTime ? firstTime...lastTime : Int64.min...Int64.min
    }

    /// Sequence number and time are looked at by the source.
    func accepts(_ call: borrowing Call) -> Bool {
        if commands.isEmpty { return true }
        for command in commands where command.span.elementsEqual(call.name) { return true }
        return false
    }

    /// How many records there are to go through, of a log that ends with the record `last`; 0 when that
    /// can't be told beforehand.
    func recordCount(through last: UInt64?) -> UInt64 {
        let end = min(sequences.upperBound, last ?? UInt64.max)
        let isLimitedByTime = times.lowerBound > Int64.min || times.upperBound < Int64.max
        guard end < UInt64.max, end >= sequences.lowerBound, !isLimitedByTime else { return 0 }
        return end - sequences.lowerBound + (sequences.lowerBound > 0 ? 1 : 0)
    }

    /// Whether records that are no calls are wanted.
    var acceptsOthers: Bool { commands.isEmpty }
}
