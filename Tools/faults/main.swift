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
    /// Run the one row here, in this process.
    var isInPlace = false
    /// All words but the rows.
    var common: [String] = []

    init() {
        var words = CommandLine.arguments.dropFirst()
        func path(_ word: String) -> String? {
            guard let value = words.popFirst() else { return nil }
            common += [word, value]
            return value
        }
        while let word = words.popFirst() {
            switch word {
            case "--fast":
                scale = .fast
                common.append(word)
            case "--here": isInPlace = true
            case "--seed": seed = words.popFirst().flatMap { UInt64($0) }
            case "--build": settings.build = path(word)
            case "--tracer": settings.tracer = path(word)
            case "--stall": settings.stall = path(word)
            case "--clock": settings.clock = path(word)
            case "--golden": settings.golden = path(word)
            case "--scratch": settings.scratch = path(word)
            default:
                guard let number = Int(word) else {
                    print("faults: what is \(word)?")
                    exit(2)
                }
                rows.append(number)
            }
        }
        settings.faults = Self.ownPath
        if rows.isEmpty { rows = Rows.all.map(\.number) }
    }
}

extension Options {
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
    let verdict =
        trial.failed > 0
        ? "FAILED" : trial.held > 0 ? "held" : trial.skipped.isEmpty ? "nothing run" : "skipped"
    print(
        padded(String(row.number), 3, right: true), padded(row.title, 62),
        padded(String(trial.held + trial.failed), 9, right: true),
        padded(trial.failed > 0 ? "\(verdict) \(trial.failed)" : verdict, 12),
        padded(String(Int(trial.seconds * 10 + 0.5) / 10) + " s", 8, right: true))
    for note in trial.notes { print("      " + note) }
    for why in trial.skipped { print("      skipped: " + why) }
    for failure in trial.failures { print("      " + failure) }
    fflush(nil)
}

/// Runs this program again for one row.
func runAlone(_ row: Row, _ options: Options) -> Bool {
    let seed = options.seed ?? UInt64.random(in: 0...UInt64.max)
    let words =
        [CommandLine.arguments[0]] + options.common
        + ["--seed", String(seed), "--here", String(row.number)]
    var arguments: [UnsafeMutablePointer<CChar>?] = unsafe words.map { unsafe strdup($0) }
    defer { for index in unsafe arguments.indices { unsafe free(arguments[index]) } }
    unsafe arguments.append(nil)
    var child: pid_t = 0
    fflush(nil)
    guard
        unsafe posix_spawn(
            &child, Options.ownPath ?? "/proc/self/exe", nil, nil, arguments, environ) == 0
    else {
        print("faults: can't start row \(row.number)")
        return false
    }
    var status: Int32 = 0
    while unsafe waitpid(child, &status, 0) < 0, errno == EINTR {}
    let signal = status & 0x7F
    if signal != 0 {
        let why = signal == SIGALRM ? "hangs" : "ends by signal \(signal)"
        print(
            "\(padded(String(row.number), 3, right: true)) \(padded(row.title, 62)) FAILED: \(why), seed \(seed)"
        )
    }
    return status == 0
}

if CommandLine.arguments.count == 4, CommandLine.arguments[1] == "--child" {
    exit(Child.run(CommandLine.arguments[2], CommandLine.arguments[3]) ? 0 : 2)
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
    line(row, trial)
    exit(trial.failed == 0 ? 0 : 1)
}
print("  # fault\(String(repeating: " ", count: 66)) cases result           time")
var worst: Int32 = 0
for row in chosen where !runAlone(row, options) { worst = 1 }
exit(worst)
