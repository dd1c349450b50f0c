// After a crash: what the dead process's log holds, sealed when it is sound. A log with any damage, or
// whose end is torn, stays as it is; what its tail files could mend lies beside it.

import CPlatform
import WAL

/// What recovery found and did.
public struct RecoveryReport: Sendable {
    /// The verdict, before anything was done.
    public var report: LogReport
    /// Segments that were sealed in place.
    public var sealed: [String] = []
    /// Copies that were written beside the log, with the tail files laid over and the torn end cut.
    public var mended: [String] = []
    /// Prepared segments that were never used and have been removed.
    public var removed: [String] = []
    /// What could not be done; the log itself is unharmed.
    public var errors: [LogError] = []
}

/// Seals the logs of dead processes.
public enum Recovery {
    /// Looks at one log and seals it when its writer is dead and every byte is accounted for (a call
    /// under way counts: it had not returned). May be called again, and by several processes at
    /// once: the log's lock lets one of them work.
    ///
    /// - Parameter elsewhere: segments that are packed, and not missing.
    /// - Throws: `LogError` when the log can't be opened, with number 11 when its writer lives.
    public static func run(
        _ folder: String, elsewhere: [SegmentElsewhere] = []
    ) throws(LogError) -> RecoveryReport {
        let lock = try File(Paths.join(folder, LogNames.lock), 1 | 2 | 4)
        let locked = bb_file_lock(lock.handle, 1)
        guard locked == 0 else { throw LogError(.lock, lock.path, Int64(locked)) }
        var reader = try LogReader(path: folder, holdsLock: true)
        reader.elsewhere = elsewhere
        var outcome = RecoveryReport(report: reader.check())
        outcome.report.isLive = false
        switch outcome.report.verdict {
        case .clean, .callUnderWay:
            if outcome.report.mendedBytes > 0 {
                mend(folder, &outcome)
            } else {
                seal(folder, &outcome)
            }
        case .tornTail, .damaged:
            mend(folder, &outcome)
        case .foreign:
            break
        }
        return outcome
    }

    private static func seal(_ folder: String, _ outcome: inout RecoveryReport) {
        for segment in outcome.report.segments {
            let path = segment.pass.info.path
            do throws(LogError) {
                switch segment.pass.header {
                case .header(let header):
                    guard let found = segment.pass.findings else { continue }
                    if let footer = found.footer {
                        finish(segment, footer)
                        continue
                    }
                    try seal(path, header, found, isFinal: segment.pass.isLastUsed)
                    outcome.sealed.append(path)
                case .unused, .short:
                    let result = unsafe bb_path_remove(path)
                    guard result == 0 else { throw LogError(.remove, path, Int64(result)) }
                    outcome.removed.append(path)
                default:
                    continue
                }
                for tail in segment.pass.info.tails { _ = unsafe bb_path_remove(tail) }
            } catch {
                outcome.errors.append(error)
            }
        }
        _ = unsafe bb_path_remove(Paths.join(folder, LogNames.reserve))
        _ = unsafe bb_path_sync_folder(folder)
    }

    /// Makes the records durable, then puts the footer behind them and cuts the rest.
    private static func seal(
        _ path: String, _ header: SegmentHeader, _ found: SegmentFindings, isFinal: Bool
    ) throws(LogError) {
        let file = try File(path, 1 | 2)
        try file.sync()
        let size = try file.size()
        var error: Int32 = 0
        guard let base = unsafe bb_map_file(file.handle, UInt64(size), 0, &error) else {
            throw LogError(.map, path, Int64(error))
        }
        let crc = unsafe RawBytes(base: base, count: size).contentCRC(header.salt, end: found.end)
        _ = unsafe bb_map_remove(base, UInt64(size))
        let footer = SegmentFooter(
            number: header.number, recordCount: found.recordCount,
            lastSequence: found.lastSequence, end: UInt64(found.end), contentCRC: crc,
            isFinal: isFinal)
        // A record under way stands where the footer goes: its call had not returned, and the report
        // has told of it.
        let room = min(size, found.end + (found.claimed?.byteCount ?? 0) + 64) - found.end
        var bytes = footer.encoded(salt: header.salt)
        if bytes.count < room {
            bytes += [UInt8](repeating: 0, count: room - bytes.count)
        }
        try file.write(bytes, at: found.end)
        try file.sync()
        Sealing.trim(file.handle, to: found.end + SegmentLayout.footerSize)
    }

    /// What whoever was killed behind a segment's footer had still to do. Nothing is lost where it can't be
    /// done: the file is longer than it need be, or its tail file stays.
    private static func finish(_ segment: SegmentReport, _ footer: SegmentFooter) {
        let info = segment.pass.info
        let end = Int(footer.end) + SegmentLayout.footerSize
        guard segment.pass.byteCount > end || !info.tails.isEmpty else { return }
        // The tail files are needed until the footer and all in front of it are durable.
        if let file = try? File(info.path, 1 | 2) {
            guard (try? file.sync()) != nil else { return }
            Sealing.trim(file.handle, to: end)
        } else {
            // Read-only already.
            guard let file = try? File(info.path, 1), (try? file.sync()) != nil else { return }
        }
        for tail in info.tails { _ = unsafe bb_path_remove(tail) }
    }

    /// Copies with the tail files laid over: of segments that these changed, and of a torn last one,
    /// up to its first hole.
    private static func mend(_ folder: String, _ outcome: inout RecoveryReport) {
        let target = Paths.join(folder, "mended")
        for segment in outcome.report.segments {
            guard let found = segment.pass.findings else { continue }
            var isTorn = false
            if case .tornTail = segment.verdict { isTorn = true }
            guard isTorn || segment.pass.mendedBytes > 0 else { continue }
            do throws(LogError) {
                try Paths.makeFolders(target)
                let path = Paths.join(target, Paths.lastComponent(segment.pass.info.path))
                try copy(segment, found, to: path, logID: outcome.report.identity?.logID)
                outcome.mended.append(path)
            } catch {
                outcome.errors.append(error)
            }
        }
    }

    private static func copy(
        _ segment: SegmentReport, _ found: SegmentFindings, to path: String, logID: [UInt8]?
    ) throws(LogError) {
        let map = try SegmentMap(
            path: segment.pass.info.path, tails: segment.pass.info.tails,
            number: segment.pass.info.number, logID: logID)
        guard let header = segment.pass.usable else { return }
        let bytes = unsafe map.bytes.prefix(found.soundEnd)
        let crc = unsafe map.bytes.contentCRC(header.salt, end: found.soundEnd)
        // Without holes the copy is a whole segment and gets its footer.
        let footer = SegmentFooter(
            number: header.number, recordCount: found.recordCount - found.salvageable,
            lastSequence: found.soundSequence, end: UInt64(found.soundEnd), contentCRC: crc,
            isFinal: segment.pass.isLastUsed)
        try Paths.replace(path, with: bytes + footer.encoded(salt: header.salt))
    }
}
