// How many frames a peer may send: a bucket that fills at a steady rate up to the burst.

import NIOCore

struct TokenBucket {
    private var tokens: Double
    private var last: NIODeadline

    init(_ rules: HubRules, now: NIODeadline) {
        tokens = rules.burst
        last = now
    }

    /// Takes one; false when there is none.
    mutating func take(_ rules: HubRules, now: NIODeadline) -> Bool {
        let seconds = Double((now - last).nanoseconds) / 1e9
        last = now
        tokens = min(rules.burst, tokens + seconds * rules.framesPerSecond)
        guard tokens >= 1 else { return false }
        tokens -= 1
        return true
    }
}
