// bench-report: what Tools/bench needs besides the shell.
//
//   tables FOLDER OUT         tables, latest.json and latency.svg of what was measured
//                             (SCENARIO.TARGET.json of armahost, PART.figures of the parts, in FOLDER)
//   value FILE KEY[.KEY…]     a number out of a JSON file; in an array a number is an index
//   timed FILE CODE COMMAND…  runs a command that must end with CODE; its times and its peak of memory
//                             go into FILE

import Foundation

var arguments = Array(CommandLine.arguments.dropFirst())
do {
    switch (arguments.first, arguments.count) {
    case ("tables", 3):
        try writeTables(
            of: URL(filePath: arguments[1], directoryHint: .isDirectory),
            into: URL(filePath: arguments[2], directoryHint: .isDirectory))
    case ("value", 3):
        print(try number(in: URL(filePath: arguments[1]), at: arguments[2]))
    case ("timed", 4...):
        try runTimed(
            URL(filePath: arguments[1]), expecting: arguments[2], Array(arguments[3...]))
    default:
        FileHandle.standardError.write(
            Data(
                "usage: bench-report tables FOLDER OUT | value FILE KEY | timed FILE CODE COMMAND…\n"
                    .utf8))
        exit(2)
    }
} catch {
    FileHandle.standardError.write(Data("bench-report: \(error)\n".utf8))
    exit(1)
}

func writeTables(of input: URL, into output: URL) throws {
    let scenarios = try Scenario.all(in: input)
    let kept = try? JSONDecoder().decode(
        BenchResult.self, from: Data(contentsOf: output.appending(path: "latest.json")))
    var measured = try Figure.all(in: input)
    if !scenarios.isEmpty { measured["calls", default: []] += Goals.figures(of: scenarios) }
    let result = BenchResult(
        machine: MachineFacts.current(),
        scenarios: scenarios.isEmpty ? kept?.scenarios ?? [] : scenarios,
        figures: measured.merging(kept?.figures ?? [:]) { new, _ in new })
    if !scenarios.isEmpty {
        print(table(scenarios))
        try Data(drawing(scenarios).utf8).write(
            to: output.appending(path: "latency.svg"), options: .atomic)
    }
    for (part, figures) in measured.sorted(by: { $0.key < $1.key }) {
        print("\n" + table(part, figures))
    }
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    try (encoder.encode(result) + Data("\n".utf8)).write(
        to: output.appending(path: "latest.json"), options: .atomic)
    print("\nwritten: bench/latest.json" + (scenarios.isEmpty ? "" : ", bench/latency.svg"))
}
