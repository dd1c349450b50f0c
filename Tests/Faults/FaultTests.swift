// The fault table at small counts: each row once in every test run, each in a process of its own.
// Tools/torture runs the full counts.

import FaultHarness
import Foundation
import Testing

@Suite(.serialized) struct FaultTests {
    private static let package = URL(filePath: #filePath)
        .deletingLastPathComponent().deletingLastPathComponent().deletingLastPathComponent()

    /// What `Tools/build` and this build have left.
    private static func settings() -> Settings {
        var settings = Settings()
        let named = ProcessInfo.processInfo.environment["BLACKBOX_BUILD"]
        settings.build = named ?? package.appending(path: "build").path
        settings.golden = package.appending(path: "Tests/Faults/Golden").path
        settings.corpus = package.appending(path: "Tests/Faults/Corpus").path
        let products = URL(filePath: CommandLine.arguments[0]).deletingLastPathComponent()
        for folder in [products, package.appending(path: ".build/debug")] {
            settings.find(in: folder.path)
        }
        return settings
    }

    @Test(arguments: Rows.all.map(\.number)) func theRowHolds(_ number: Int) throws {
        let row = try #require(Rows.all.first { $0.number == number })
        let seed = UInt64.random(in: 0...UInt64.max)
        let trial = row.runAlone(.fast, seed: seed, Self.settings(), seconds: 300)
        print("row \(number), seed \(seed): \(trial.held + trial.failed) cases, \(trial.seconds) s")
        // Also where only marked lines of the output are kept.
        for why in trial.failures { print("✘ row \(number), seed \(seed): \(why)") }
        for why in trial.skipped { print("row \(number) skipped: \(why)") }
        #expect(
            trial.failed == 0,
            "\(row.title), seed \(seed):\n\(trial.failures.joined(separator: "\n"))")
    }
}
