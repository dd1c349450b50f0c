// blackbox stats: a mission at a glance, in the terminal.

import Archive
import ArgumentParser
import CPlatform
import Compactor
import Mission
import Replay
import Segments
import WAL

struct StatsCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "stats",
        abstract:
            "Shows the figures of the missions in logs: who, how long, how busy, what is missing.",
        discussion: """
            EXAMPLES
              blackbox stats
              blackbox stats LOG --json
              blackbox stats ./recordings/blackbox.db --mission 17

            EXIT CODES
              0 done   1 a file could not be read, the message says which   2 wrong usage
            """)

    private static let sparkColumns = 60

    @OptionGroup var logs: LogArguments
    @Option(
        help: ArgumentHelp(
            "Of a database, only this mission (missions.id), with all its players.",
            valueName: "id"))
    var mission: Int64?
    @Flag(help: "One JSON object a line for each recording; of a database, also for each player.")
    var json = false
    @Flag(name: [.short, .long], help: "Without progress.") var quiet = false

    func run() throws {
        if try showDatabase() { return }
        if mission != nil {
            throw ToolFailure(
                message: "--mission is a mission of a database; name its file",
                code: ExitStatus.usage)
        }
        var hasFailed = false
        for entry in try logs.findSome() {
            do throws(ToolFailure) {
                let health = try show(entry)
                if !health.unread.isEmpty { hasFailed = true }
            } catch {
                Console.complain(error.message)
                hasFailed = true
            }
        }
        if hasFailed { throw ExitCode(ExitStatus.failed) }
    }

    /// - Returns: whether a database was named.
    private func showDatabase() throws(ToolFailure) -> Bool {
        guard logs.logs.count == 1, let path = logs.logs.first,
            let file = try? File(path, UInt32(BB_OPEN_READ)),
            let beginning = try? file.read(limit: 16)
        else { return false }
        if beginning.isEmpty, LogNames.segmentNumber(Paths.lastComponent(path)) == nil {
            throw ToolFailure(
                message: "\(path) is empty: neither a database of recordings nor a log's segment")
        }
        guard SQLiteReader.isDatabase(beginning: beginning) else { return false }
        let reader: SQLiteReader
        do {
            reader = try SQLiteReader(path: path)
        } catch {
            throw ToolFailure(message: error.description)
        }
        let stats = DatabaseStats(mission: mission, isJSON: json) { sql throws(ToolFailure) in
            do throws(SQLiteError) {
                return try reader.rows(sql)
            } catch {
                throw ToolFailure(message: error.description)
            }
        }
        try stats.run()
        return true
    }

    private func show(_ entry: LogEntry) throws(ToolFailure) -> LogHealth {
        var source = try openLog(entry.path)
        let compaction = LogCompaction(
            path: entry.path, source: &source, outputs: Outputs(), isQuiet: true)
        let health = compaction.health
        for line in health.complaints() { Console.complain(line) }
        if !json {
            Console.print(
                "\(entry.path): "
                    + Words.count(UInt64(compaction.job.recordings.count), "recording")
                    + ", lost: "
                    + (health.lostCount == 0 ? "nothing" : Words.count(health.lostCount, "call")))
        }
        for span in compaction.job.recordings {
            var figures = MissionFigures()
            let meter = ProgressMeter(
                "recording \(span.number)", unit: "calls", isQuiet: json || quiet)
            let report = compaction.job.compact(
                span, from: &source, mode: .standard, into: &figures,
                progress: { meter.update($0, of: $1) })
            meter.finish()
            if json {
                Console.write(object(report, figures, health, source.identity).line)
            } else {
                tell(report, figures, source.identity)
            }
        }
        source.complainOfArchives()
        return health
    }

    private func tell(
        _ report: RecordingReport, _ figures: borrowing MissionFigures, _ identity: LogIdentity?
    ) {
        let offset = identity?.utcOffset ?? 0
        let tally = report.tally
        Console.print("")
        Console.print(
            "  \(report.number). \"\(report.mission.missionName)\" on \(report.world.worldName), "
                + Words.localTime(report.start.time, utcOffset: offset))
        row("duration", Words.duration(seconds: report.durationSeconds))
        row("units", "\(tally.units), \(tally.players) of them players; \(tally.vehicles) vehicles")
        row(
            "events",
            Words.count(report.callCount, "call") + ", "
                + Words.count(UInt64(tally.projectiles), "shot") + ", "
                + Words.count(UInt64(tally.count(of: "killed")), "kill"))
        if let shot = figures.longestShot {
            row("longest shot", "\(Int(shot.metres)) m, \(shot.killer), \(shot.weapon)")
        }
        if let busy = figures.busiestMinute {
            row(
                "busiest minute",
                "minute \(busy.minute + 1), " + Words.count(UInt64(busy.events), "event"))
        }
        let pauses = figures.gaps.count
        if pauses > 0, let longest = figures.gaps.map({ $0.length }).max() {
            row("gaps", "\(pauses), the longest " + Words.duration(seconds: Double(longest) / 1e9))
        } else {
            row("gaps", "none of 10 s or more")
        }
        row(
            "calls",
            Sparkline.text(figures.eventsBySlice.map(Double.init), columns: Self.sparkColumns))
        if let lowest = figures.lowestFPS {
            row(
                "server FPS",
                Sparkline.text(figures.fps.map { Double($0.average) }, columns: Self.sparkColumns)
                    + " lowest " + Words.tenths(Double(lowest)))
        }
    }

    private func row(_ title: String, _ text: String) {
        Console.print(
            "     " + title + String(repeating: " ", count: max(1, 16 - title.count)) + text)
    }

    private func object(
        _ report: RecordingReport, _ figures: borrowing MissionFigures, _ health: LogHealth,
        _ identity: LogIdentity?
    ) -> JSONLine {
        let tally = report.tally
        var line = JSONLine()
        line.add("log", identity?.logIDText ?? "")
        line.add("recording", report.number)
        line.add("mission", report.mission.missionName)
        line.add("world", report.world.worldName)
        line.add("start", Words.instant(report.start.time))
        line.add("durationSeconds", report.durationSeconds)
        line.add("calls", report.callCount)
        line.add("units", tally.units)
        line.add("players", tally.players)
        line.add("vehicles", tally.vehicles)
        line.add("shots", tally.projectiles)
        line.add("kills", tally.count(of: "killed"))
        if let shot = figures.longestShot {
            line.add("longestShotMetres", Double(shot.metres))
            line.add("longestShotBy", shot.killer)
            line.add("longestShotWeapon", shot.weapon)
        }
        if let busy = figures.busiestMinute {
            line.add("busiestMinute", busy.minute + 1)
            line.add("busiestMinuteEvents", busy.events)
        }
        line.add("gaps", figures.gaps.count)
        if let longest = figures.gaps.map({ $0.length }).max() {
            line.add("longestGapSeconds", Double(longest) / 1e9)
        }
        if let lowest = figures.lowestFPS { line.add("lowestFPS", Double(lowest)) }
        LogHealth.add([health], to: &line)
        return line
    }
}
