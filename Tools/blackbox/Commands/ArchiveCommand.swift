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
            segments, and the lz4 program does, too: lz4 -t proves one, lz4 -dc shows its text.

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
            for segment in try segments(of: entry, &hasFailed) {
                do {
                    try archive(segment, entry)
                } catch {
                    Console.complain(error.message)
                    hasFailed = true
                }
            }
        }
        if hasFailed { throw ExitCode(ExitStatus.failed) }
    }

    /// Segments of a log that can be archived: all but those that are still written.
    private func segments(of entry: LogEntry, _ hasFailed: inout Bool) throws -> [String] {
        if unsafe bb_path_kind(entry.path) == Int32(BB_KIND_FILE) {
            if !Paths.hasSuffix(entry.path, LogFiles.archiveSuffix) { return [entry.path] }
            sayArchived(entry.path)
            return []
        }
        if LogFiles.isArchived(entry.path) {
            sayArchived(entry.path)
            return []
        }
        do {
            let reader = try LogReader(path: entry.path)
            var paths: [String] = []
            for (index, segment) in reader.segments.enumerated() {
                if let error = segment.error {
                    Console.complain(error.text)
                    hasFailed = true
                }
                guard case .header = segment.header else { continue }
                // The server's own: the one it writes, and what it may yet be sealing.
                if entry.isLive && index + 2 >= reader.segments.count { continue }
                paths.append(segment.path)
            }
            return paths
        } catch {
            throw ToolFailure(message: error.text)
        }
    }

    private func sayArchived(_ path: String) {
        if !quiet, !json { Console.print("\(path): archived already") }
    }

    private func archive(_ segment: String, _ entry: LogEntry) throws(ToolFailure) {
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
            throw ToolFailure(message: error.text)
        }
        meter.finish()
        tell(segment, target, summary, seconds: Double(bb_clock_exact() - begin) / 1e9)
        guard remove else { return }
        if entry.isLive {
            Console.complain("\(segment): kept, the server still runs")
        } else {
            try removeSegment(segment)
        }
    }

    private func target(of segment: String) throws(ToolFailure) -> String {
        let name = Paths.lastComponent(segment) + ".lz4"
        guard let to else { return Paths.join(Paths.parent(segment), name) }
        let folder = Paths.join(to, Paths.lastComponent(Paths.parent(segment)))
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
