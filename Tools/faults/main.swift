// Runs rows of the fault table and prints it. Each row runs in a process of its own, so that a trap or
// a hang in one is a failed row and not the end of the table.

import FaultHarness
import Glibc

/// What the command line asks for.
struct Options {
    var rows: [Int] = []
    var scale = Scale.full
    var seed: UInt64?
    var settings = Settings()
    /// Run the one row here, in this process, and leave its tally in `tally`.
    var isInPlace = false
    var tally: String?
    /// No row is begun later than this, of the monotonic clock; nil: all are.
    var end: Double?

    init() {
        var words = CommandLine.arguments.dropFirst()
        while let word = words.popFirst() {
            switch word {
            case "--fast": scale = .fast
            case "--here": isInPlace = true
            case "--seed": seed = words.popFirst().flatMap { UInt64($0) }
            case "--seconds":
                end = words.popFirst().flatMap { Double($0) }.map { $0 + Trial.now() }
            case "--tally": tally = words.popFirst()
            case "--build": settings.build = words.popFirst()
            case "--tracer": settings.tracer = words.popFirst()
            case "--stall": settings.stall = words.popFirst()
            case "--clock": settings.clock = words.popFirst()
            case "--fuzz": settings.fuzz = words.popFirst()
            case "--golden": settings.golden = words.popFirst()
            case "--corpus": settings.corpus = words.popFirst()
            case "--scratch": settings.scratch = words.popFirst()
            default:
                guard let number = Int(word), Rows.all.contains(where: { $0.number == number })
                else {
                    print("faults: what is \(word)?")
                    exit(2)
                }
                rows.append(number)
            }
        }
        settings.faults = Self.ownPath
        if let own = Self.ownPath, let slash = own.lastIndex(of: "/") {
            settings.find(in: String(own[..<slash]))
        }
        if rows.isEmpty { rows = Rows.all.map(\.number) }
    }

    /// Where this program is.
    static var ownPath: String? {
        guard let full = unsafe realpath("/proc/self/exe", nil) else { return nil }
        defer { unsafe free(full) }
        return unsafe String(cString: full)
    }
}

func padded(_ text: String, _ width: Int, right: Bool = false) -> String {
    let space = String(repeating: " ", count: max(0, width - text.count))
    return right ? space + text : text + space
}

func line(_ row: Row, _ trial: Trial) {
    let cases = trial.held + trial.failed
    print(
        padded(String(row.number), 3, right: true), padded(row.title, 62),
        padded(String(cases), 10, right: true), padded(String(trial.held), 10, right: true),
        padded(String(trial.skipped.count), 7, right: true),
        padded(String(Int(trial.seconds * 10 + 0.5) / 10) + " s", 9, right: true),
        trial.failed > 0 ? "FAILED, seed \(trial.seed)" : cases > 0 ? "held" : "not run")
    for note in trial.notes { print("      " + note) }
    for why in trial.skipped { print("      skipped: " + why) }
    for failure in trial.failures { print("      " + failure) }
    fflush(nil)
}

if CommandLine.arguments.count >= 4, CommandLine.arguments[1] == "--child" {
    exit(Child.run(CommandLine.arguments[2], Array(CommandLine.arguments.dropFirst(3))) ? 0 : 2)
}
if CommandLine.arguments.count == 3, CommandLine.arguments[1] == "--write-golden" {
    try Golden.write(to: CommandLine.arguments[2])
    exit(0)
}
let options = Options()
let chosen = Rows.all.filter { options.rows.contains($0.number) }
if options.isInPlace, let row = chosen.first {
    let trial = row.run(
        options.scale, seed: options.seed ?? UInt64.random(in: 0...UInt64.max), options.settings)
    if let tally = options.tally { trial.write(to: tally) } else { line(row, trial) }
    exit(trial.failed == 0 ? 0 : 1)
}
print(
    "  #", padded("fault", 62), padded("cases", 10, right: true), padded("held", 10, right: true),
    padded("skipped", 7, right: true), padded("time", 9, right: true), "result")
var worst: Int32 = 0
var cases = 0
var notBegun: [Int] = []
for row in chosen {
    if let end = options.end, Trial.now() > end {
        notBegun.append(row.number)
        continue
    }
    let trial = row.runAlone(
        options.scale, seed: options.seed ?? UInt64.random(in: 0...UInt64.max), options.settings)
    line(row, trial)
    cases += trial.held + trial.failed
    if trial.failed > 0 { worst = 1 }
}
print("\(cases) cases", notBegun.isEmpty ? "" : "; out of time for rows \(notBegun)")
exit(worst)
