// blackbox archive: sealed segments → LZ4 files a seventh of their size.

import Archive
import ArgumentParser
import CPlatform
import Segments
import WAL

struct ArchiveCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "archive",
        abstract: "Packs sealed segments into .seg.lz4 files, about seven times smaller.",
        discussion: """
            An archive is read back and compared with its segment, record by record, before it gets \
            its name; segments stay unless --remove is given. Every command reads archives as it reads \
            segments, and the lz4 program does, too: lz4 -t proves one, lz4 -dc shows its text. Of a log \
            whose server runs the sealed segments are packed; the one being written is left, and said so.

            EXAMPLES
              blackbox archive ./blackbox-logs
              blackbox archive LOG --to /backup/arma --remove
              lz4 -dc LOG/000001.seg.lz4 | less

            EXIT CODES
              0 done   1 a segment could not be archived, the message says why   2 wrong usage
            """)

    @OptionGroup var logs: LogArguments
    @Option(
        help: ArgumentHelp(
            "Put archives into DIR/<log>/ instead of beside their segments.", valueName: "dir"))
    var to: String?
    @Flag(help: "Remove each segment once its archive is proven (not while the server runs).")
    var remove = false
    @Flag(help: "One JSON object a line for each archive.") var json = false
    @Flag(help: "At low priority, and without progress.") var background = false
    @Flag(name: [.short, .long], help: "Say nothing but errors.") var quiet = false

    func run() throws {
        if background { bb_lower_priority(0) }
        var hasFailed = false
        for entry in try logs.findSome() {
            var openCount = 0
            for segment in try segments(of: entry, &hasFailed) {
                do {
                    if try !archive(segment, entry) { openCount += 1 }
                } catch {
                    Console.complain(error.message)
                    hasFailed = true
                }
            }
            if openCount > 0, !quiet, !json {
                Console.print(
                    "\(entry.path): the server still runs; left what it has not sealed, "
                        + Words.count(UInt64(openCount), "segment"))
            }
        }
        if hasFailed { throw ExitCode(ExitStatus.failed) }
    }

    /// A segment with records in it.
    private struct Candidate {
        let path: String
        /// A running server writes it, or is sealing it: the last two that it has switched to.
        var mayBeOpen = false
    }

    private func segments(of entry: LogEntry, _ hasFailed: inout Bool) throws -> [Candidate] {
        if unsafe bb_path_kind(entry.path) == Int32(BB_KIND_FILE) {
            if !Paths.hasSuffix(entry.path, LogFiles.archiveSuffix) {
                return [Candidate(path: entry.path)]
            }
            sayArchived(entry.path)
            return []
        }
        if LogFiles.isArchived(entry.path) {
            sayArchived(entry.path)
            return []
        }
        do {
            let reader = try LogReader(path: entry.path)
            var found: [Candidate] = []
            for segment in reader.segments {
                if let error = segment.error {
                    Console.complain(error.text)
                    hasFailed = true
                }
                guard case .header = segment.header else { continue }
                found.append(Candidate(path: segment.path))
            }
            if entry.isLive {
                for index in found.indices.suffix(2) { found[index].mayBeOpen = true }
            }
            return found
        } catch {
            throw ToolFailure(message: error.text)
        }
    }

    private func sayArchived(_ path: String) {
        if !quiet, !json { Console.print("\(path): archived already") }
    }

    /// - Returns: false when the server has not sealed it yet.
    private func archive(
        _ candidate: Candidate, _ entry: LogEntry
    ) throws(ToolFailure) -> Bool {
        let segment = candidate.path
        let target = try target(of: segment)
        let begin = bb_clock_exact()
        let meter = ProgressMeter(
            Paths.lastComponent(segment), unit: "bytes", isQuiet: quiet || background)
        let summary: ArchiveSummary
        do {
            summary = try SegmentArchiver.archive(segment: segment, to: target) {
                meter.update($0, of: $1)
            }
        } catch {
            meter.finish()
            if candidate.mayBeOpen, case .segmentNotReady = error { return false }
            throw ToolFailure(message: error.text)
        }
        meter.finish()
        tell(segment, target, summary, seconds: Double(bb_clock_exact() - begin) / 1e9)
        guard remove else { return true }
        if entry.isLive {
            Console.complain("\(segment): kept, the server still runs")
        } else {
            try removeSegment(segment)
        }
        return true
    }

    private func target(of segment: String) throws(ToolFailure) -> String {
        let name = Paths.lastComponent(segment) + ".lz4"
        guard let to else { return Paths.join(Paths.parent(segment), name) }
        // The folder's own name, whichever way it was named: `.`, or nothing at all.
        let parent = Paths.parent(segment)
        let log = Paths.lastComponent(LogFolder.absolute(parent) ?? parent)
        let folder = Paths.join(to, log)
        do {
            try Paths.makeFolders(folder)
        } catch {
            throw ToolFailure(message: error.text)
        }
        return Paths.join(folder, name)
    }

    private func removeSegment(_ segment: String) throws(ToolFailure) {
        do {
            try LogPacker.remove(segment)
        } catch {
            throw ToolFailure(message: error.text)
        }
    }

    private func tell(
        _ segment: String, _ target: String, _ summary: ArchiveSummary, seconds: Double
    ) {
        guard !quiet else { return }
        let ratio =
            summary.fileBytes > 0 ? Double(summary.argumentBytes) / Double(summary.fileBytes) : 0
        if json {
            var line = JSONLine()
            line.add("segment", segment)
            line.add("archive", target)
            line.add("records", summary.recordCount)
            line.add("calls", summary.callCount)
            line.add("argumentBytes", summary.argumentBytes)
            line.add("fileBytes", summary.fileBytes)
            line.add("removed", remove)
            return Console.write(line.line)
        }
        Console.print(
            "\(target): " + Words.count(summary.callCount, "call") + ", "
                + Words.bytes(summary.argumentBytes) + " of arguments in "
                + Words.bytes(summary.fileBytes) + " (\(Words.tenths(ratio)) : 1), "
                + Words.duration(seconds: seconds))
    }
}
