// bench-report FOLDER OUT: makes a table, latest.json and latency.svg of the measurements that
// Tools/bench took with armahost (SCENARIO.TARGET.json in FOLDER).

import Foundation

let arguments = CommandLine.arguments
guard arguments.count == 3 else {
    FileHandle.standardError.write(Data("usage: bench-report FOLDER OUT\n".utf8))
    exit(2)
}
let input = URL(filePath: arguments[1], directoryHint: .isDirectory)
let output = URL(filePath: arguments[2], directoryHint: .isDirectory)
do {
    let scenarios = try Scenario.all(in: input)
    print(table(scenarios))
    let facts = MachineFacts.current()
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    let result = BenchResult(machine: facts, scenarios: scenarios)
    try (encoder.encode(result) + Data("\n".utf8)).write(
        to: output.appending(path: "latest.json"), options: .atomic)
    try Data(drawing(scenarios).utf8).write(
        to: output.appending(path: "latency.svg"), options: .atomic)
    print("written: bench/latest.json, bench/latency.svg")
} catch {
    FileHandle.standardError.write(Data("bench-report: \(error)\n".utf8))
    exit(1)
}
