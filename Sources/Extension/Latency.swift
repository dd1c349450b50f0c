// What our calls cost on this server: a fixed histogram that the game thread fills, read out by
// `:SYS:STATS:` (docs/formats/plugin.md, "Statistics").

import CPlatform

/// Durations of calls, counted in buckets of an eighth of a power of two (so a percentile is at most
/// 12.5 % too high). Filled with the processor's tick counter: 10 ns a reading where the system's
/// clock takes 26; turned into nanoseconds only when somebody asks.
///
/// Invariant: `buckets` points at `bucketCount` counters that only threads of the game touch, under
/// the entry lock.
@safe
struct Latency {
    private static let bucketCount = 512
    private let buckets: UnsafeMutablePointer<UInt64>
    private(set) var calls: UInt64 = 0
    private var longest: UInt64 = 0
    private let startTicks: UInt64
    private let startNanoseconds: UInt64

    init() {
        unsafe buckets = .allocate(capacity: Self.bucketCount)
        unsafe buckets.initialize(repeating: 0, count: Self.bucketCount)
        startTicks = bb_clock_ticks()
        startNanoseconds = bb_clock_exact()
    }

    func free() { unsafe buckets.deallocate() }

    /// Counts one call that began and ended at these readings of `bb_clock_ticks`. Two processors'
    /// counters may differ a little: a call that seems to end before its beginning took no time.
    mutating func add(from start: UInt64, to end: UInt64) {
        let ticks = end > start ? end &- start : 0
        unsafe buckets[Self.bucket(of: ticks)] &+= 1
        calls &+= 1
        if ticks > longest { longest = ticks }
    }

    /// Bucket of a duration: 0…15 each their own, then eight a power of two.
    static func bucket(of ticks: UInt64) -> Int {
        guard ticks >= 16 else { return Int(truncatingIfNeeded: ticks) }
        let power = 63 &- ticks.leadingZeroBitCount
        let eighth = Int(truncatingIfNeeded: ticks &>> UInt64(power &- 3)) & 7
        return 16 &+ (power &- 4) &* 8 &+ eighth
    }

    /// The greatest duration that is counted in a bucket.
    static func upperBound(of bucket: Int) -> UInt64 {
        guard bucket >= 16 else { return UInt64(bucket) }
        let power = UInt64((bucket &- 16) / 8 &+ 4)
        let eighth = UInt64((bucket &- 16) % 8 &+ 9)
        // The last bucket's bound is 2^64, one too many for the type.
        return (eighth &<< (power &- 3)) &- 1
    }

    /// Nanoseconds a tick takes, measured since the plug-in was loaded.
    func nanosecondsPerTick() -> Double {
        let ticks = bb_clock_ticks() &- startTicks
        let nanoseconds = bb_clock_exact() &- startNanoseconds
        guard ticks > 0, ticks < 1 << 62, nanoseconds > 0 else { return 1 }
        return Double(nanoseconds) / Double(ticks)
    }

    /// The duration in ticks that `perMille` of 1000 calls did not exceed.
    func percentile(_ perMille: UInt64) -> UInt64 {
        // calls / 1000 first, so that no number of calls can overflow.
        let rank = calls / 1000 &* perMille &+ (calls % 1000 &* perMille &+ 999) / 1000
        var seen: UInt64 = 0
        var bucket = 0
        while bucket < Self.bucketCount {
            seen &+= unsafe buckets[bucket]
            if seen >= rank, seen > 0 { return min(Self.upperBound(of: bucket), longest) }
            bucket &+= 1
        }
        return longest
    }

    /// The longest call, in ticks.
    var maximum: UInt64 { longest }
}
