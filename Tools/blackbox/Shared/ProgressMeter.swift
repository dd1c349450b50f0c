// How far long work is: a line on a terminal that is written over, nothing anywhere else.

import CPlatform

/// Shows progress of work that is counted in some unit. Only for the thread that works.
final class ProgressMeter {
    private let isShown: Bool
    private let title: String
    private let unit: String
    private let begin = bb_clock_exact()
    private var shownAt: UInt64 = 0
    private var shownColumns = 0
    private static let intervalNanoseconds: UInt64 = 200_000_000
    /// Short work needs no meter.
    private static let patienceNanoseconds: UInt64 = 700_000_000

    /// - Parameter unit: what is counted, in the plural.
    init(_ title: String, unit: String, isQuiet: Bool) {
        isShown = !isQuiet && Console.isWatched
        self.title = title
        self.unit = unit
    }

    /// Tells how much of how much is done; 0 of all when that is not known.
    func update(_ done: UInt64, of all: UInt64) {
        guard isShown else { return }
        let now = bb_clock_exact()
        guard now &- begin >= Self.patienceNanoseconds,
            now &- shownAt >= Self.intervalNanoseconds
        else { return }
        shownAt = now
        show(Self.line(title, unit, done: done, of: all, nanoseconds: now &- begin))
    }

    /// Takes the line away.
    func finish() {
        guard isShown, shownColumns > 0 else { return }
        show("")
        Console.put("\r")
    }

    /// `compacting: 1.2 million of 3.4 million calls, 800,000 a second, 3 s left`
    static func line(
        _ title: String, _ unit: String, done: UInt64, of all: UInt64, nanoseconds: UInt64
    ) -> String {
        let seconds = Double(nanoseconds) / 1e9
        let rate = seconds > 0 ? Double(done) / seconds : 0
        let isBytes = isSame(unit, "bytes")
        func amount(_ number: UInt64) -> String {
            isBytes ? Words.bytes(number) : Words.count(number)
        }
        var line = title + ": " + amount(done)
        if all > 0 { line += " of " + amount(all) }
        if !isBytes { line += " " + unit }
        if rate >= 1 {
            line += ", " + amount(UInt64(rate)) + " a second"
            if all > done {
                line += ", " + Words.duration(seconds: Double(all - done) / rate) + " left"
            }
        }
        return line
    }

    private func show(_ line: String) {
        // Titles are file names at worst: one byte a column is near enough.
        let columns = line.utf8.count
        var text = "\r" + line
        for _ in columns..<max(columns, shownColumns) { text += " " }
        Console.put(text)
        shownColumns = columns
    }
}
