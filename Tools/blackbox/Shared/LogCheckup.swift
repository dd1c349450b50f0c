// The verdict on a whole log: its segments and its archives together. A segment that was archived and
// removed is not missing.

import Archive
import CPlatform
import Segments
import WAL

struct LogCheckup {
    private let path: String
    /// Which log it is; it began with its first segment, wherever that lies.
    let identity: LogIdentity?
    /// Nil when the log has only archives left.
    let report: LogReport?
    private let archives: [String]
    private let archivedBytes: UInt64
    private let lastArchived: UInt64?
    let archiveDamages: [(path: String, damage: ArchiveDamage)]
    /// As the archives' indexes tell.
    private(set) var recordsInArchives: UInt64 = 0
    /// Losses that archives tell of; empty when they were not read.
    private(set) var archivedLosses: [Loss] = []
    /// An archive of another log lies among them.
    private let hasStrangers: Bool

    /// - Parameters:
    ///   - readsArchives: look at every record of the archives, too; else only at their indexes.
    ///   - meter: shows how far it is.
    init(_ source: inout LogSource, readsArchives: Bool = true, meter: ProgressMeter? = nil) {
        path = source.path
        identity = source.identity
        archives = source.archives
        lastArchived = source.lastArchivedSequence
        let sizes = source.archives.map(Self.byteCount)
        archivedBytes = sizes.reduce(0, +)
        let all = source.segmentBytes + (readsArchives ? archivedBytes : 0)
        var records: UInt64 = 0
        report = source.checkSegments { done in
            records += 1
            // The clock costs more than a record.
            if records & 0xFFF == 0 { meter?.update(done, of: all) }
        }
        var done = source.segmentBytes
        var damages: [(path: String, damage: ArchiveDamage)] = []
        for (archive, size) in zip(source.archives, sizes) where !source.isUnread(archive) {
            meter?.update(done, of: all)
            done += size
            do {
                let found = try ArchiveReader.check(archive, readsGroups: readsArchives)
                archivedLosses += found.losses
                damages += found.damages.map { (archive, $0) }
                recordsInArchives += found.recordCount
            } catch {
                damages.append(
                    (
                        archive,
                        ArchiveDamage(fileOffset: 0, group: 0, missing: nil, reason: error.reason)
                    ))
            }
        }
        for (path, reason, isPart) in source.unreadArchives where isPart {
            damages.append(
                (path, ArchiveDamage(fileOffset: 0, group: 0, missing: nil, reason: reason)))
        }
        archiveDamages = damages + source.chainDamages
        hasStrangers = source.unreadArchives.contains { !$0.isPart }
    }

    private static func byteCount(_ path: String) -> UInt64 {
        guard let file = try? File(path, UInt32(BB_OPEN_READ)), let size = try? file.size() else {
            return 0
        }
        return UInt64(size)
    }

    private var archivesVerdict: Verdict {
        if hasStrangers { return .foreign(.otherLog) }
        return archiveDamages.isEmpty ? .clean : .damaged([])
    }

    private var verdict: Verdict {
        guard let report, report.verdict.exitCode >= archivesVerdict.exitCode else {
            return archivesVerdict
        }
        return report.verdict
    }

    var exitCode: Int32 { verdict.exitCode }

    /// What is wrong around the archives, a line for each.
    var archiveLines: [String] {
        archiveDamages.map { "\(Paths.lastComponent($0)), \($1.text)" }
    }

    var lines: [String] {
        var lines: [String] = []
        if let report {
            lines = LogReportText.lines(report)
            if report.verdict.exitCode < archivesVerdict.exitCode, !lines.isEmpty {
                let places = report.damages.count + archiveDamages.count
                lines[0] = "\(path): \(VerdictText.damaged(places: places))"
            }
        } else {
            lines.append("\(path): \(VerdictText.name(archivesVerdict)), archived")
        }
        if !archives.isEmpty {
            lines.append(
                "  " + Words.count(recordsInArchives, "record") + " in "
                    + Words.count(UInt64(archives.count), "archive"))
        }
        for line in archiveLines { lines.append("  " + line) }
        for loss in archivedLosses { lines.append("  lost: " + LossText.sentence(loss)) }
        return lines
    }

    var object: JSONLine {
        var line = LogReportText.json(
            report, path: path, identity: identity, verdict: verdict,
            archived: (lastArchived, archivedLosses))
        line.add("archives", archives.count)
        line.add("archivedRecords", recordsInArchives)
        line.add("archivedBytes", archivedBytes)
        line.add(
            "archiveDamages",
            objects: archiveDamages.map { path, damage in
                var line = JSONLine()
                line.add("path", path)
                line.add("offset", damage.fileOffset)
                line.add("group", damage.group)
                line.add("what", damage.reason)
                if let missing = damage.missing {
                    line.add("firstMissing", missing.lowerBound)
                    line.add("lastMissing", missing.upperBound)
                }
                return line
            })
        return line
    }
}
