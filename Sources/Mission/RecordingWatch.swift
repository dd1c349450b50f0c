// The first pass over a log that is still being written: finds the recordings as their calls come.

import WAL

/// Says when a recording begins, by the rules of `RecordingIndex`. It wants every call of a log, in order.
public struct RecordingWatch: ~Copyable {
    private var scan = IndexScan(listLimit: 0)

    /// Before the log's first call.
    public init() {}

    /// The next call: the recording that begins with it, as far as that is known now; nil when none does.
    public mutating func take(_ call: borrowing Call) -> RecordingSpan? {
        let count = scan.recordings.count
        scan.take(call)
        return scan.recordings.count > count ? scan.recordings.last : nil
    }
}
