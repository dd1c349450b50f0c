// How many frames a peer may send: a bucket that fills at a steady rate up to the burst.

import NIOCore

struct TokenBucket {
    private var tokens: Double
    private var last: NIODeadline

    init(_ rules: HubRules, now: NIODeadline) {
        tokens = rules.burst
        last = now
    }

    /// Takes one; false when there is none. (Numbers, not the rules: those hold texts, which would be
    /// counted as used and as given back for each frame.)
    mutating func take(perSecond: Double, burst: Double, now: NIODeadline) -> Bool {
        let seconds = Double((now - last).nanoseconds) / 1e9
        last = now
        tokens = min(burst, tokens + seconds * perSecond)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
