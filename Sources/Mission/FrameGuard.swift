// Frame numbers are believed only when they continue the recording: every sink fills the frames
// between an entity's states, so that a single frame number of 2,000,000 would make gigabytes.

/// Decides whether a frame number is plausible.
struct FrameGuard {
    /// How far a frame may lie ahead of the highest one so far: ten hours at one frame a second, an
    /// hour at the quickest the addon offers. States come only on change, but some come all the time.
    static let leap: UInt32 = 36_000
    /// Two months at a frame every five seconds; beyond it no agreement helps.
    static let limit: UInt32 = 1_000_000
    /// So many calls in a row that agree with each other are believed, when so much time has passed: part
    /// of a log can be lost, and the recording goes on behind it.
    static let agreement = 3
    /// The shortest time of a frame, nanoseconds: the quickest that the addon offers.
    static let shortestFrame: Int64 = 100_000_000

    private(set) var highest: UInt32 = 0
    /// When the call came that is looked at, UTC nanoseconds.
    var time: Int64 = 0
    /// When the highest frame came.
    private var highestTime: Int64 = 0
    private var candidate: UInt32 = 0
    private var agreeing = 0

    mutating func accepts(_ frame: UInt32) -> Bool {
        if frame <= highest &+ Self.leap {
            if frame > highest { raise(to: frame) }
            agreeing = 0
            return true
        }
        guard frame <= Self.limit else { return false }
        let isNear = frame >= candidate ? frame - candidate <= 100 : candidate - frame <= 100
        agreeing = isNear && agreeing > 0 ? agreeing + 1 : 1
        candidate = frame
        guard agreeing >= Self.agreement, frame <= highest &+ Self.leap &+ framesSinceHighest
        else { return false }
        raise(to: frame)
        agreeing = 0
        return true
    }

    private mutating func raise(to frame: UInt32) {
        highest = frame
        highestTime = time
    }

    /// Frames that can have passed since the highest one came.
    private var framesSinceHighest: UInt32 {
        let (elapsed, overflow) = time.subtractingReportingOverflow(highestTime)
        guard !overflow, elapsed > 0, highest > 0 else { return 0 }
        return UInt32(min(elapsed / Self.shortestFrame, Int64(Self.limit)))
    }
}
