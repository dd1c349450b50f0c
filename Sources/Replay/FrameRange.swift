// Which frames a state covers: the rule that turns "states on change" into "something for every
// frame" (docs/formats/replay-json.md).

import Mission

/// Deals the frames of one entity out to its states, in their order.
struct FrameRange {
    /// Frames of the document, both inclusive; none when `to < from`.
    struct Taken: Equatable {
        var from: Int
        var to: Int
        var count: Int { max(to - from + 1, 0) }
    }

    private let mode: Mode
    /// Last frame of the last state.
    private let lastFrame: Int
    /// First frame that no state has covered.
    private var open: Int

    init(_ track: StateTrack, lastFrame: Int, mode: Mode) {
        self.mode = mode
        self.lastFrame = track.deleteFrame.map { Int($0) - 1 } ?? lastFrame
        open = max(Int(track.joinFrame) - 1, 0)
    }

    /// The frames of a state of frame `frame` (as the game counts) that is followed by one of frame
    /// `next`, or by none.
    mutating func take(from frame: UInt32, next: UInt32?) -> Taken {
        let to = next.map { Int($0) - 2 } ?? lastFrame
        // The reference leaves a gap between the CREATE and the first state, so that everything is
        // played too early.
        if mode == .strict { return Taken(from: Int(frame) - 1, to: to) }
        // Frames without gap and without overlap from the CREATE on, whatever the states say: the
        // viewer finds a frame's element by counting from there.
        let taken = Taken(from: open, to: to)
        open = max(open, to + 1)
        return taken
    }
}

extension UInt32 {
    /// A frame of the game as the document counts, from 0. Frame 0 of the game ("before the recording")
    /// would be −1, which readers take for four thousand million; only the reference writes that.
    func shown(_ mode: Mode) -> Int {
        mode == .strict ? Int(self) - 1 : Swift.max(Int(self) - 1, 0)
    }
}
