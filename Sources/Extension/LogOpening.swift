// Opening the log of this process: at the first call of the game, and again at `:STORAGE:INIT:` when
// that failed.

import Segments
import Values

enum LogOpening {
    /// A log of its own below the configured folder, its threads at work.
    static func open(
        _ configuration: Configuration, version: String
    ) throws(LogError) -> LogWriter {
        var settings = LogSettings()
        settings.segmentBytes = configuration.segmentMiB << 20
        settings.firstSegmentBytes = min(settings.firstSegmentBytes, settings.segmentBytes)
        settings.keeperIntervalMilliseconds = UInt32(configuration.keeperIntervalMilliseconds)
        settings.writer = version.bytes
        let writer = try LogWriter(root: configuration.logDir, settings: settings)
        do throws(LogError) {
            try writer.startThreads()
        } catch {
            // Those that run would keep the log, and its lock, for good.
            writer.close()
            throw error
        }
        return writer
    }
}
