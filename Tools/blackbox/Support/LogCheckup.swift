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
    private let archiveDamages: [(path: String, damage: ArchiveDamage)]
    private var recordsInArchives: UInt64 = 0
    private let identity: LogIdentity?

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
        for (place, archive) in source.archives.enumerated() {
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
                        ArchiveDamage(fileOffset: 0, group: 0, missing: nil, reason: error.text)
                    ))
            }
        }
        if report == nil {
            // Of one that can't be read that has been said.
            let known = archives
            damages += Self.missing(archived, in: path).filter { !known.contains($0.path) }
        }
        archiveDamages = damages
        recordsInArchives = records
        identity = source.identity
        excuse(archived)
    }

    private static func byteCount(_ path: String) -> UInt64 {
        guard let file = try? File(path, UInt32(BB_OPEN_READ)), let size = try? file.size() else {
            return 0
        }
        return UInt64(size)
    }

    /// Of a log with nothing but archives: the segments in front of the last that have none. (With
    /// segments the check of these names them.)
    private static func missing(
        _ archived: [UInt32], in path: String
    ) -> [(path: String, damage: ArchiveDamage)] {
        guard let last = archived.max(), last < 1_000_000,
            unsafe bb_path_kind(path) == Int32(BB_KIND_FOLDER)
        else { return [] }
        return (1...last).filter { !archived.contains($0) }.map { number in
            let name = LogNames.segment(number) + ".lz4"
            return (
                Paths.join(path, name),
                ArchiveDamage(
                    fileOffset: 0, group: 0, missing: nil,
                    reason: "segment \(number) is missing")
            )
        }
    }

    /// Takes back that archived segments are missing.
    private mutating func excuse(_ archived: [UInt32]) {
        guard let damages = report?.damages, !archived.isEmpty else { return }
        let rest = damages.filter { $0.kind != .missingSegment || !archived.contains($0.segment) }
        guard rest.count < damages.count else { return }
        report?.damages = rest
        if case .damaged = report?.verdict {
            report?.verdict = rest.isEmpty ? .clean : .damaged(rest)
        }
    }

    var exitCode: Int32 {
        max(
            report?.verdict.exitCode ?? 0, archiveDamages.isEmpty ? 0 : Verdict.damaged([]).exitCode
        )
    }

    var lines: [String] {
        var lines: [String] = []
        if let report {
            lines = LogReportText.lines(report)
        } else {
            lines.append(
                "\(path): " + (archiveDamages.isEmpty ? "clean" : "damaged") + ", archived")
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
        if let report {
            line = LogReportText.json(report)
        } else {
            line = JSONLine()
            line.add("path", path)
            line.add("log", identity?.logIDText ?? "")
            line.add("verdict", archiveDamages.isEmpty ? "clean" : "damaged")
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
