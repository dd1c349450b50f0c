// The fault table at small counts: each row once in every test run. Tools/torture runs the full ones.

import FaultHarness
import Testing

@Suite(.serialized) struct FaultTests {
    @Test(arguments: Rows.all.map(\.number)) func theRowHolds(_ number: Int) throws {
        let row = try #require(Rows.all.first { $0.number == number })
        let seed = UInt64.random(in: 0...UInt64.max)
        print("row \(number), seed \(seed)")
        let trial = row.run(.fast, seed: seed, Settings())
        #expect(
            trial.failed == 0,
            "\(row.title), seed \(seed):\n\(trial.failures.joined(separator: "\n"))")
    }
}
