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

    /// Whether records that are no calls are wanted.
    var acceptsOthers: Bool { commands.isEmpty }
}
