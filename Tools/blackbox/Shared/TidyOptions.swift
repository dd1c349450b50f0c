// What tidy is told, and what it takes from the server's configuration when it is not.

import Extension

struct TidyOptions {
    var needed: [String] = []
    var keepDays: UInt64?
    var keepSize: ByteSize?
    var minFree: ByteSize?
    var packs = true
    var isDry = false
    var logPath: String?

    /// The limits in force.
    func limits(_ settings: Configuration) -> RetentionLimits {
        RetentionLimits(
            days: keepDays ?? UInt64(clamping: settings.retentionDays),
            byteCount: keepSize?.byteCount ?? UInt64(clamping: settings.retentionMiB) << 20,
            freeBytes: minFree?.byteCount ?? UInt64(clamping: settings.minFreeMiB) << 20)
    }

    /// The outputs that must have a log before it goes.
    func needed(_ settings: Configuration) -> [String] {
        needed.isEmpty ? [settings.neededOutput] : needed
    }
}
