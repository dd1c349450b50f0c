// blackbox upload: replays that wait are sent to OCAP's web server. The background job behind a save, and a
// command for an owner who wants to see what is wrong.

import ArgumentParser
import CPlatform
import Extension
import Segments
import Upload

struct UploadCommand: AsyncParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "upload",
        abstract: "Sends replays that wait to OCAP's web server.",
        usage: "blackbox upload [REPLAY…|FOLDER…] [--config FILE] [--check]",
        discussion: """
            A replay waits when a ticket NAME.upload lies beside it: each save leaves one when the \
            configuration names api.serverUrl, and so does a crash. The ticket says what became of it. \
            What the server has is never sent again, unless you say --again.

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
    @OptionGroup var owner: ConfigurationOption
    @Flag(help: "Only ask whether the server is there.") var check = false
    @Flag(help: "Also what the server has already.") var again = false
    @Option(help: "How often each is tried.") var tries = 3
    @Option(
        help: ArgumentHelp(
            "At most so long for one attempt; without it 30 s and a second for each 32 KiB.",
            valueName: "seconds"))
    var timeLimit: Int?
    @Option(help: ArgumentHelp("Begin so much later.", valueName: "seconds")) var after = 0
    @Flag(help: "One JSON object a line for each attempt.") var json = false
    @Flag(help: "At low priority, and for hours if need be: as it runs behind a save.")
    var background = false
    @Flag(name: [.short, .long], help: "Say nothing but errors.") var quiet = false

    /// Pauses of the background job: 10 s, 20 s … 10 minutes; 80 attempts are about 12 hours.
    private static let backgroundTries = 80
    private static let backgroundPauses = Backoff(first: .seconds(10), longest: .seconds(600))

    func validate() throws {
        guard (1...1000).contains(tries) else {
            throw ValidationError("--tries lies between 1 and 1000.")
        }
        if let timeLimit, !(1...86_400).contains(timeLimit) {
            throw ValidationError("--time-limit lies between 1 and 86400 seconds.")
        }
        guard (0...86_400).contains(after) else {
            throw ValidationError("--after lies between 0 and 86400 seconds.")
        }
    }

    func run() async throws {
        if background { bb_lower_priority(0) }
        let configuration = try owner.read()
        let settings = configuration.settings
        try configuration.requireServer("nothing is uploaded")
        let trust = try configuration.trust()
        let server: WebServer
        do {
            server = try WebServer(
                serverURL: settings.serverURL, secret: settings.apiKey, trust: trust)
        } catch {
            throw NetFailure(message: error.sentence, code: NetExit.usage)
        }
        let failure = await work(server, settings)
        await server.close()
        if let failure { throw failure }
    }

    private func work(_ server: WebServer, _ settings: Configuration) async -> NetFailure? {
        let form: UploadSpeaker.Form = json ? .json : background ? .log : .text
        let speaker = UploadSpeaker(form: form, isQuiet: quiet)
        if check || (background && after == 0) {
            let trouble = await server.health()
            speaker.tellHealth(server.base, trouble)
            if check {
                return trouble.map { NetFailure(message: "\(server.base) is not well: \($0)") }
            }
        }
        let run = UploadRun(server, limit: timeLimit.map { .seconds($0) }) { speaker.tell($0) }
        let paths = replays.isEmpty ? [settings.outputDir] : replays
        for path in paths where unsafe bb_path_kind(path) == Int32(BB_KIND_NONE) {
            // The folder of the replays comes with the first one.
            if background || replays.isEmpty { return nil }
            return NetFailure(
                message: "\(path): there is no such file or folder", code: NetExit.usage)
        }
        do {
            if after > 0 { try await Task.sleep(for: .seconds(after)) }
            let left =
                background
                ? try await run.sendAsOne(
                    paths, tries: Self.backgroundTries, backoff: Self.backgroundPauses)
                : try await run.sendAll(
                    paths, again: again, tries: tries, patience: .seconds(60),
                    backoff: Backoff(first: .seconds(2), longest: .seconds(30)))
            return left == 0
                ? nil : NetFailure(message: "\(left) not sent; blackbox upload tries again")
        } catch let error as LogError {
            return NetFailure(message: error.text)
        } catch {
            return NetFailure(message: "\(error)")
        }
    }
}
