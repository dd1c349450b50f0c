// Frame numbers are believed only when they continue the recording: every sink fills the frames
// between an entity's states, so that a single frame number of 2,000,000 would make gigabytes.

/// Decides whether a frame number is plausible.
struct FrameGuard {
    /// How far a frame may lie ahead of the highest one so far: ten hours at one frame a second, an
    /// hour at the quickest the addon offers. States come only on change, but some come all the time.
    static let leap: UInt32 = 36_000
    /// Two months at a frame every five seconds; beyond it no agreement helps.
    static let limit: UInt32 = 1_000_000
    /// So many calls in a row that agree with each other are believed: part of a log can be lost,
    /// and the recording goes on behind it.
    static let agreement = 3

    private(set) var highest: UInt32 = 0
    private var candidate: UInt32 = 0
    private var agreeing = 0

    mutating func accepts(_ frame: UInt32) -> Bool {
        if frame <= highest &+ Self.leap {
            if frame > highest { highest = frame }
            agreeing = 0
            return true
        }
        guard frame <= Self.limit else { return false }
        let isNear = frame >= candidate ? frame - candidate <= 100 : candidate - frame <= 100
        agreeing = isNear && agreeing > 0 ? agreeing + 1 : 1
        candidate = frame
        guard agreeing >= Self.agreement else { return false }
        highest = frame
        agreeing = 0
        return true
    }
}
