// The parts of a recording that an administrator marked as worth watching.

/// Opens and closes focus ranges by the rules of docs/formats/commands.md.
struct FocusRanges {
    private var openStart: UInt32?
    private var previousEnd: UInt32 = 0

    mutating func start(_ frame: UInt32) throws(RejectReason) {
        if frame == 0 { throw .focus(.frameZero) }
        if openStart != nil { throw .focus(.alreadyOpen) }
        if frame < previousEnd { throw .focus(.beforePreviousEnd) }
        openStart = frame
    }

    mutating func end(_ frame: UInt32) throws(RejectReason) -> FocusRange {
        guard let start = openStart else { throw .focus(.notOpen) }
        guard frame > start else { throw .focus(.notBehindStart) }
        openStart = nil
        previousEnd = frame
        return FocusRange(start: start, end: frame)
    }

    /// At the recording's end an open range ends with its last frame.
    mutating func close(at lastFrame: UInt32) -> FocusRange? {
        guard let start = openStart, lastFrame > start else { return nil }
        openStart = nil
        return FocusRange(start: start, end: lastFrame)
    }
}
