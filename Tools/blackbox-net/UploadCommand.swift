// blackbox upload: replays that wait are sent to OCAP's web server. The plug-in's background job, and an
// owner who wants to see what is wrong.

import ArgumentParser
import CPlatform
import Extension
import Replay
import Segments
import Upload
import Values

struct UploadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload",
        abstract: "Sends replays that wait to OCAP's web server.",
        usage: "blackbox upload [REPLAY…|FOLDER…] [--config FILE] [--check]",
        discussion: """
            A replay waits when a ticket NAME.upload lies beside it: the plug-in writes one for each save \
            when the configuration names api.serverUrl, and after a crash. The ticket says what became of \
            it. What the server has is never sent again, unless you say --again.

            Without REPLAY: the folder storage.memory.outputDir of the configuration.

            EXAMPLES
              blackbox upload                    (what is still waiting)
              blackbox upload --check            (is the server there?)
              blackbox upload ./recordings --config @ocap/ocap_recorder.cfg.json --json
              blackbox upload recordings/co08__2026_03_08_19_20.json.gz --again

            EXIT CODES
              0 all of them are sent, or nothing waited; 1 one is not, the message says why; 2 wrong usage
            """)

    @Argument(help: ArgumentHelp("Replays, or folders of replays.", valueName: "replay"))
    var replays: [String] = []
    @Option(
        help: ArgumentHelp(
            "The configuration; without it OCAP_RECORDER_CONFIG, or ocap_recorder.cfg.json beside the "
                + "program.", valueName: "file"))
    var config: String?
    @Flag(help: "Only ask whether the server is there.") var check = false
    @Flag(help: "Also what the server has already.") var again = false
    @Option(help: "How often each is tried.") var tries = 3
    @Option(
        help: ArgumentHelp(
            "At most so long for one attempt; without it 30 s and a second for each 32 KiB.",
            valueName: "seconds"))
    var timeLimit: Int?
    @Flag(help: "One JSON object a line for each attempt.") var json = false
    @Flag(help: "At low priority, and for hours if need be: as the plug-in starts it.")
    var background = false
    @Flag(name: [.short, .long], help: "Say nothing but errors.") var quiet = false
    @Option(
        help: ArgumentHelp(
            "After the first attempt, write what became of it into this file.", valueName: "file"))
    var report: String?
    @Option(help: ArgumentHelp("Write what is done into this log file, too.", valueName: "file"))
    var log: String?

    /// Pauses of the background job: 10 s, 20 s … 10 minutes; 80 attempts are about 12 hours.
    private static let backgroundTries = 80

    func validate() throws {
        guard (1...1000).contains(tries) else {
            throw ValidationError("--tries lies between 1 and 1000.")
        }
        if let timeLimit, !(1...86_400).contains(timeLimit) {
            throw ValidationError("--time-limit lies between 1 and 86400 seconds.")
        }
    }

    func run() async throws {
        if background { bb_lower_priority(0) }
        let owner = try NetConfiguration.read(config)
        let settings = owner.settings
        guard !settings.serverURL.isEmpty else {
            throw NetFailure(
                message: "\(owner.path) names no api.serverUrl: nothing is uploaded",
                code: NetExit.usage)
        }
        let server: WebServer
        do {
            server = try WebServer(serverURL: settings.serverURL, secret: settings.apiKey)
        } catch {
            try write(report: "partial", "not uploaded: " + error.sentence)
            throw NetFailure(message: error.sentence, code: NetExit.usage)
        }
        let failure = await work(server, settings)
        await server.close()
        if let failure { throw failure }
    }

    private func work(_ server: WebServer, _ settings: Configuration) async -> NetFailure? {
        let speaker = UploadSpeaker(isJSON: json, isQuiet: quiet || background, log: log)
        if check || background {
            let trouble = await server.health()
            speaker.tellHealth(server.base, trouble)
            if check {
                return trouble.map { NetFailure(message: "\(server.base) is not well: \($0)") }
            }
        }
        let run = UploadRun(server, limit: timeLimit.map { .seconds($0) }) { speaker.tell($0) }
        let paths = replays.isEmpty ? [settings.outputDir] : replays
        for path in paths where unsafe bb_path_kind(path) == Int32(BB_KIND_NONE) {
            // The plug-in's folder comes with the first replay.
            if background { return nil }
            return NetFailure(
                message: "\(path): there is no such file or folder", code: NetExit.usage)
        }
        do {
            if background {
                try await first(run, paths)
                return try await onAndOn(run, paths)
            }
            let left = try await run.sendAll(
                paths, again: again, tries: tries,
                backoff: Backoff(first: .seconds(2), longest: .seconds(30)))
            return left == 0
                ? nil : NetFailure(message: "\(left) not sent; blackbox upload tries again")
        } catch let error as LogError {
            return NetFailure(message: error.text)
        } catch let failure as NetFailure {
            return failure
        } catch {
            return NetFailure(message: "\(error)")
        }
    }

    /// The attempt that the game waits for.
    private func first(_ run: UploadRun, _ paths: [String]) async throws {
        var reasons: [String] = []
        for replay in try TicketedReplay.find(paths) {
            switch await run.attempt(replay.path) {
            case .sent: break
            case .busy: reasons.append("not uploaded: another program is sending it")
            case .later(let why), .refused(let why): reasons.append("not uploaded: " + why)
            }
        }
        try write(report: reasons.isEmpty ? "ok" : "partial", reasons.joined(separator: "; "))
    }

    /// Everything that waits in the same folders, for hours. One program does that; it finds what others
    /// leave to it.
    private func onAndOn(_ run: UploadRun, _ paths: [String]) async throws -> NetFailure? {
        var folders: [String] = []
        for path in paths {
            let isFolder = unsafe bb_path_kind(path) == Int32(BB_KIND_FOLDER)
            let folder = isFolder ? path : Paths.parent(path)
            if !folders.contains(folder) { folders.append(folder) }
        }
        guard try !TicketedReplay.find(folders).isEmpty, let folder = folders.first else {
            return nil
        }
        let role = try File(
            Paths.join(folder, ".blackbox-upload"),
            UInt32(BB_OPEN_READ) | UInt32(BB_OPEN_WRITE) | UInt32(BB_OPEN_CREATE))
        if bb_file_lock(role.handle, 1) == -Int32(BB_EAGAIN) { return nil }
        var backoff = Backoff(first: .seconds(10), longest: .seconds(600))
        // The first attempt was just now.
        try await Task.sleep(for: backoff.pause())
        let left = try await run.sendAll(
            folders, tries: Self.backgroundTries, backoff: backoff)
        // Held until here.
        _ = bb_file_unlock(role.handle)
        return left == 0 ? nil : NetFailure(message: "\(left) not sent")
    }

    private func write(report status: String, _ error: String) throws {
        guard let report else { return }
        var line: [UInt8] = Array(#"{"status":"#.utf8)
        line.appendJSONString(status)
        line += Array(#","path":"#.utf8)
        line.appendJSONString(replays.first ?? "")
        line += Array(#","error":"#.utf8)
        line.appendJSONString(error)
        line += Array("}\n".utf8)
        do {
            try Paths.replace(report, with: line)
        } catch {
            throw NetFailure(message: error.text)
        }
    }
}
