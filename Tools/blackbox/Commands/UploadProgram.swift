// What compact and recover made goes to the web server: blackbox-net, our sibling, makes one attempt that is
// waited for, because a save's answer tells what became of it. What the server has not got then is sent by
// a program that lives on behind us. The tickets beside the replays say how things stand (docs/upload.md).

import CPlatform
import Replay
import Segments

enum UploadProgram {
    private static let name = "blackbox-net"

    /// Sends the replays of a compaction, when that is wanted.
    ///
    /// - Returns: the outcomes; one whose replay the server has not got is partial, with the reason.
    static func send(
        _ outcomes: [RecordingOutcome], _ options: OutputOptions
    ) -> [RecordingOutcome] {
        guard let configuration = options.upload, let folder = options.json else { return outcomes }
        let replays = outcomes.flatMap(\.paths).filter(isWaiting)
        guard !replays.isEmpty else { return outcomes }
        guard let program = HelperProgram.path(name) else {
            return outcomes.map { note($0, "\(name) is not beside \(Program.name)") }
        }
        var arguments = [program, "upload", "--config", configuration]
        if options.background { arguments += ["--tries", "1"] }
        if options.quiet { arguments.append("--quiet") }
        let code = HelperProgram.run(arguments + ["--"] + replays)
        if options.background { sendLater(program, configuration, folder) }
        return outcomes.map { outcome in
            guard let replay = outcome.paths.first(where: isWaiting) else { return outcome }
            let error = UploadTicket.read(replay)?.error ?? ""
            return note(outcome, error.isEmpty ? "\(name) ended with code \(code)" : error)
        }
    }

    /// After `recover`: asks whether the server is there and sends what waits, behind us.
    static func sendAllLater(_ options: OutputOptions) {
        guard options.background, let configuration = options.upload, let folder = options.json
        else { return }
        guard let program = HelperProgram.path(name) else {
            return Console.complain("nothing is uploaded: \(name) is not beside \(Program.name)")
        }
        start([program, "upload", "--config", configuration, "--background", "--", folder])
    }

    private static func sendLater(_ program: String, _ configuration: String, _ folder: String) {
        // What was refused waits for its owner.
        guard UploadTicket.open(in: folder).contains(where: { $0.ticket.status == .waiting }) else {
            return
        }
        start([
            program, "upload", "--config", configuration, "--background", "--after", "10", "--",
            folder,
        ])
    }

    private static func start(_ arguments: [String]) {
        if !HelperProgram.leaveBehind(arguments) {
            Console.complain("\(name) can't be started; run: blackbox upload")
        }
    }

    private static func isWaiting(_ path: String) -> Bool {
        UploadTicket.read(path).map { $0.status != .sent } ?? false
    }

    private static func note(_ outcome: RecordingOutcome, _ reason: String) -> RecordingOutcome {
        var outcome = outcome
        guard outcome.status != .error, outcome.paths.contains(where: isWaiting) else {
            return outcome
        }
        outcome.status = .partial
        if !outcome.error.isEmpty { outcome.error += "; " }
        outcome.error += "not uploaded: " + reason
        return outcome
    }
}
