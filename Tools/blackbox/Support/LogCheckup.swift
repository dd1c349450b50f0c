// The verdict on a whole log: its segments and its archives together. A segment that was archived and
// removed is not missing.

import Archive
import CPlatform
import Segments
import WAL

struct LogCheckup {
    private let path: String
    /// Nil when the log has only archives left.
    private(set) var report: LogReport?
    private let archives: [String]
    let archiveDamages: [(path: String, damage: ArchiveDamage)]
    private var recordsInArchives: UInt64 = 0
    private let identity: LogIdentity?
    /// An archive of another log lies among them.
    private let hasStrangers: Bool

    /// - Parameter readsArchives: look at every record of the archives, too; else only at which
    ///   segments they stand for.
    ///   - meter: shows how far it is.
    init(_ source: inout LogSource, readsArchives: Bool = true, meter: ProgressMeter? = nil) {
        path = source.path
        archives = source.archives
        let sizes = readsArchives ? source.archives.map(Self.byteCount) : []
        let all = source.segmentBytes + sizes.reduce(0, +)
        var records: UInt64 = 0
        report = source.checkSegments { done in
            records += 1
            // The clock costs more than a record.
            if records & 0xFFF == 0 { meter?.update(done, of: all) }
        }
        var done = source.segmentBytes
        records = 0
        var archived: [UInt32] = []
        var damages: [(path: String, damage: ArchiveDamage)] = []
        let unread = source.unreadArchives.map { $0.path }
        for (place, archive) in source.archives.enumerated() where !unread.contains(archive) {
            if sizes.indices.contains(place) {
                meter?.update(done, of: all)
                done += sizes[place]
            }
            do {
                guard readsArchives else {
                    if let number = try ArchiveReader.info(archive).segment {
                        archived.append(number)
                    }
                    continue
                }
                var reader = try ArchiveReader.open(archive)
                reader.check()
                damages += reader.damages.map { (archive, $0) }
                records += reader.groups.reduce(0) { $0 + UInt64($1.recordCount) }
                if let number = try ArchiveReader.info(archive).segment { archived.append(number) }
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
        recordsInArchives = records
        identity = source.identity
        excuse(archived + source.missingSegments)
    }

    private static func byteCount(_ path: String) -> UInt64 {
        guard let file = try? File(path, UInt32(BB_OPEN_READ)), let size = try? file.size() else {
            return 0
        }
        return UInt64(size)
    }

    /// Takes back that archived segments are missing, and that those are which the chain of archives tells
    /// of.
    private mutating func excuse(_ archived: [UInt32]) {
        guard let damages = report?.damages, !archived.isEmpty else { return }
        let rest = damages.filter { $0.kind != .missingSegment || !archived.contains($0.segment) }
        guard rest.count < damages.count else { return }
        report?.damages = rest
        if case .damaged = report?.verdict {
            report?.verdict = rest.isEmpty ? .clean : .damaged(rest)
        }
    }

    private var archivesVerdict: Verdict {
        if hasStrangers { return .foreign(.otherLog) }
        return archiveDamages.isEmpty ? .clean : .damaged([])
    }

    var exitCode: Int32 {
        max(report?.verdict.exitCode ?? 0, archivesVerdict.exitCode)
    }

    var lines: [String] {
        var lines: [String] = []
        if let report {
            lines = LogReportText.lines(report)
            if report.verdict.exitCode < archivesVerdict.exitCode, !lines.isEmpty {
                lines[0] =
                    "\(path): damaged in "
                    + Words.count(UInt64(report.damages.count + archiveDamages.count), "place")
            }
        } else {
            lines.append("\(path): \(VerdictText.name(archivesVerdict)), archived")
        }
        if !archives.isEmpty {
            lines.append(
                "  " + Words.count(recordsInArchives, "record") + " in "
                    + Words.count(UInt64(archives.count), "archive"))
        }
        for (path, damage) in archiveDamages {
            lines.append("  \(Paths.lastComponent(path)), \(damage.text)")
        }
        return lines
    }

    var object: JSONLine {
        var line: JSONLine
        if var report {
            if report.verdict.exitCode < archivesVerdict.exitCode {
                report.verdict = archivesVerdict
            }
            line = LogReportText.json(report)
        } else {
            line = JSONLine()
            line.add("path", path)
            line.add("log", identity?.logIDText ?? "")
            line.add("verdict", VerdictText.name(archivesVerdict))
            line.add("exitCode", exitCode)
        }
        line.add("archives", archives.count)
        line.add("archivedRecords", recordsInArchives)
        line.add(
            "archiveDamages",
            objects: archiveDamages.map { path, damage in
                var line = JSONLine()
                line.add("path", path)
                line.add("offset", damage.fileOffset)
                line.add("group", damage.group)
                line.add("what", damage.reason)
                return line
            })
        return line
    }
}
