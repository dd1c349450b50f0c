// One log of a dead server → archives, segment by segment, each proven before its segment goes.

import Archive
import CPlatform
import Segments
import WAL

enum LogPacker {
    /// Packs what is not packed yet. A kill leaves each segment either as it was or archived.
    static func pack(_ standing: LogStanding, isQuiet: Bool) -> PackOutcome {
        let folder = standing.entry.path
        do throws(ToolFailure) {
            var source = try openLog(folder)
            guard let logID = source.identity?.logID else {
                return .unfit("whose it is can't be told")
            }
            let checkup = LogCheckup(&source)
            guard checkup.exitCode == 0 else {
                LogStanding.notePacked(folder, logID: logID)
                return .unfit("it is not clean; blackbox verify \(folder) tells more")
            }
            var before: UInt64 = 0
            var after: UInt64 = 0
            for segment in try segments(folder) {
                let sizes = try pack(segment, isQuiet: isQuiet)
                guard let sizes else { return .noRoom }
                before += sizes.before
                after += sizes.after
            }
            LogStanding.notePacked(folder, logID: logID)
            return .packed(before: before, after: after)
        } catch {
            return .failed(error.message)
        }
    }

    private static func segments(_ folder: String) throws(ToolFailure) -> [String] {
        do {
            let names = try Paths.names(in: folder)
            return names.filter { LogNames.segmentNumber($0) != nil }.map {
                Paths.join(folder, $0)
            }
        } catch {
            throw ToolFailure(message: error.text)
        }
    }

    /// - Returns: bytes of the segment and of its archive; nil when the disk has no room for both.
    private static func pack(
        _ segment: String, isQuiet: Bool
    ) throws(ToolFailure) -> (before: UInt64, after: UInt64)? {
        do {
            let file = try File(segment, UInt32(BB_OPEN_READ))
            let size = UInt64(try file.size())
            // An archive of noise is as large as its segment, and the game must not miss the space.
            let free = unsafe bb_path_free_bytes(segment)
            if free >= 0, UInt64(free) < size &+ size / 8 { return nil }
            let meter = ProgressMeter(
                Paths.lastComponent(segment), unit: "bytes", isQuiet: isQuiet)
            let summary = try SegmentArchiver.archive(segment: segment, to: segment + ".lz4") {
                meter.update($0, of: $1)
            }
            meter.finish()
            try remove(segment, file)
            return (size, summary.fileBytes)
        } catch let error as ArchiveError {
            throw ToolFailure(message: error.text)
        } catch let error as LogError {
            throw ToolFailure(message: error.text)
        } catch {
            throw ToolFailure(message: "\(error)")
        }
    }

    /// Removes a segment whose archive is proven.
    static func remove(_ segment: String, _ file: borrowing File) throws(LogError) {
        // A reader that is going through it holds a shared lock: next time, then.
        let locked = bb_file_lock(file.handle, UInt32(BB_LOCK_EXCLUSIVE))
        if locked == -Int32(BB_EAGAIN) { throw LogError(.lock, segment, Int64(locked)) }
        try remove(segment)
    }

    static func remove(_ segment: String) throws(LogError) {
        let result = unsafe bb_path_remove(segment)
        guard result == 0 else { throw LogError(.remove, segment, Int64(result)) }
        // Sealed segments have no tail files any more, but for those that a crash left behind: alone they would
        // be taken for what is left of a segment.
        let folder = Paths.parent(segment)
        guard let number = LogNames.segmentNumber(Paths.lastComponent(segment)) else { return }
        for name in (try? Paths.names(in: folder)) ?? []
        where LogNames.tailNumber(name)?.0 == number {
            _ = unsafe bb_path_remove(Paths.join(folder, name))
        }
    }
}
