// A recording's figures for a person: what `stats` shows beside the tally that every sink shares.

import Mission
import Values

/// Collects from the events of one recording. Times are those of the server's clock.
struct MissionFigures: ~Copyable, RecordingSink {
    typealias Failure = Never

    /// A pause between two events of a running mission that is worth a line.
    static let gapNanoseconds: Int64 = 10_000_000_000
    static let sliceNanoseconds: Int64 = 5_000_000_000
    private static let slicesPerMinute = 12
    /// A clock that was set ahead by years must not become a list of millions of slices.
    private static let sliceLimit = 1_000_000

    private(set) var longestShot: (metres: Float, killer: String, weapon: String)?
    /// Events in each five seconds, from the start on.
    private(set) var eventsBySlice: [Int] = []
    /// Pauses: where they begin (nanoseconds after the start) and how long they are.
    private(set) var gaps: [(after: Int64, length: Int64)] = []
    /// The server's frames a second over the mission: time after the start and average.
    private(set) var fps: [(after: Int64, average: Float)] = []
    private(set) var lowestFPS: Float?
    private var start: Int64 = 0
    private var last: Int64?
    private var names: [UInt16: String] = [:]

    mutating func begin(_ header: RecordingHeader) { start = header.start.time }

    mutating func receive(_ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable) {
        count(stamp.time)
        switch event {
        case .soldierCreated(let created): names[created.id] = texts.string(created.name)
        case .soldierState(let state):
            // Players get their names when somebody takes the unit.
            if state.isPlayer, names[state.id] == nil { names[state.id] = texts.string(state.name) }
        case .killed(let kill): note(kill, texts)
        case .telemetry(let telemetry):
            fps.append((max(0, stamp.time &- start), telemetry.fpsAverage))
            lowestFPS = min(lowestFPS ?? telemetry.fpsMinimum, telemetry.fpsMinimum)
        default: break
        }
    }

    mutating func end(_ footer: RecordingFooter, texts: borrowing TextTable) {}

    /// The minute with most events, from 0.
    var busiestMinute: (minute: Int, events: Int)? {
        var best: (minute: Int, events: Int)?
        for first in stride(from: 0, to: eventsBySlice.count, by: Self.slicesPerMinute) {
            let end = min(first + Self.slicesPerMinute, eventsBySlice.count)
            let events = eventsBySlice[first..<end].reduce(0, +)
            if events > best?.events ?? 0 { best = (first / Self.slicesPerMinute, events) }
        }
        return best
    }

    private mutating func count(_ time: Int64) {
        let after = max(0, time &- start)
        let slice = Int(after / Self.sliceNanoseconds)
        if slice < Self.sliceLimit {
            while eventsBySlice.count <= slice { eventsBySlice.append(0) }
            eventsBySlice[slice] += 1
        }
        if let last, after &- last >= Self.gapNanoseconds { gaps.append((last, after &- last)) }
        last = after
    }

    private mutating func note(_ kill: Killed, _ texts: borrowing TextTable) {
        guard kill.distance.isFinite, kill.distance > longestShot?.metres ?? 0,
            case .soldier(let killer) = kill.killer, kill.killer != kill.victim
        else { return }
        longestShot = (kill.distance, names[killer] ?? "", texts.string(kill.weaponText))
    }
}

/// Little pictures of a row of numbers.
enum Sparkline {
    private static let steps = Array("▁▂▃▄▅▆▇█")

    /// As many signs as asked for at most, each the mean of its share of the values.
    static func text(_ values: [Double], columns: Int) -> String {
        guard !values.isEmpty, columns > 0 else { return "" }
        let count = min(columns, values.count)
        var means: [Double] = []
        for column in 0..<count {
            let from = column * values.count / count
            let to = max(from + 1, (column + 1) * values.count / count)
            means.append(values[from..<to].reduce(0, +) / Double(to - from))
        }
        let top = means.max() ?? 0
        return String(
            means.map { mean in
                let share = top > 0 ? max(0, mean) / top : 0
                return steps[min(steps.count - 1, Int(share * Double(steps.count)))]
            })
    }
}
