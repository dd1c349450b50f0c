// The logs that the rows damage.

import WAL

/// Logs made by the forge.
enum Specimens {
    /// One sealed segment of about `bytes` bytes.
    static func sealed(seed: UInt64, bytes: Int) -> Specimen {
        var forge = Forge(seed: seed, capacity: max(1 << 16, (bytes + 8191) & ~4095))
        while forge.offset < bytes - 400 { forge.randomCall() }
        return forge.specimen(closed: true)
    }

    /// One segment of a dead process: tail-file entries up to about two thirds, then calls that no tick
    /// saw.
    static func killed(seed: UInt64, bytes: Int = 40_000, capacity: Int = 1 << 16) -> Specimen {
        var forge = Forge(seed: seed, capacity: capacity)
        var number = 0
        while forge.offset < bytes - 400 {
            forge.randomCall()
            number += 1
            if number % 20 == 0, forge.offset < bytes * 2 / 3 { forge.tick() }
        }
        return forge.specimen(closed: false)
    }

    /// A chain of sealed segments of 64 KiB.
    static func chain(
        seed: UInt64, segments: Int, callsEach: Int = 40, closed: Bool = true
    ) -> Specimen {
        var forge = Forge(seed: seed)
        for segment in 0..<segments {
            if segment > 0 { forge.switchSegment() }
            for _ in 0..<callsEach { forge.randomCall() }
        }
        if !closed { forge.tick() }
        return forge.specimen(closed: closed)
    }

    /// What stood on the disk before: a segment of another log.
    static func stale(_ count: Int, seed: UInt64) -> [UInt8] {
        let other = sealed(seed: seed ^ 0xFFFF, bytes: count + 4096)
        return Array(other.segments[0].prefix(count))
    }
}
