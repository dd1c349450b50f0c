// The file by which a program that started us learns what became of its recording. It appears whole:
// written beside, renamed.

import Segments

enum ReportFile {
    /// `{"recording":1,"status":"ok","path":"…","error":"…"}`; with several recordings the worst
    /// status, and all of them under `recordings`. Then what is damaged, missing and lost of the logs.
    static func line(_ outcomes: [RecordingOutcome], _ healths: [LogHealth] = []) -> [UInt8] {
        var object = object(outcomes)
        LogHealth.add(healths, to: &object)
        return object.line
    }

    private static func object(_ outcomes: [RecordingOutcome]) -> JSONLine {
        guard let first = outcomes.first else { return RecordingOutcome(number: 0).object }
        guard outcomes.count > 1 else { return first.object }
        let ranks: [RecordingOutcome.Status] = [.error, .partial, .ok]
        let worst = ranks.first { rank in outcomes.contains { $0.status == rank } } ?? .ok
        let shown = outcomes.first { $0.status == worst } ?? first
        var object = shown.object
        object.add("recordings", objects: outcomes.map { $0.object })
        return object
    }

    static func write(
        _ outcomes: [RecordingOutcome], _ healths: [LogHealth] = [], to path: String?
    ) throws(ToolFailure) {
        guard let path else { return }
        let line = line(outcomes, healths)
        if path == "-" { return Console.write(line) }
        do {
            try Paths.replace(path, with: line)
        } catch {
            throw ToolFailure(message: error.text)
        }
    }
}
