// A row of the fault table, and the tally of one run of it. Each format and program adds rows or
// lines to rows; the loops, the counting and the table are here, once.

import Glibc

/// How much of a row is run.
public enum Scale: Sendable {
    /// A few seconds at most: every build.
    case fast
    /// The counts of the table.
    case full
}

/// One fault and how it is made.
public struct Row: Sendable {
    /// Its number in the table of docs/durability.md.
    public let number: Int
    /// The fault in a few words.
    public let title: String
    let body: @Sendable (Trial) throws -> Void

    init(_ number: Int, _ title: String, _ body: @escaping @Sendable (Trial) throws -> Void) {
        self.number = number
        self.title = title
        self.body = body
    }

    /// Runs it. What goes wrong is in the trial.
    public func run(_ scale: Scale, seed: UInt64, _ settings: Settings) -> Trial {
        let trial = Trial(scale, seed: seed, settings)
        let start = Trial.now()
        do { try body(trial) } catch { trial.fail("could not run: \(error)") }
        alarm(0)
        trial.seconds = Trial.now() - start
        return trial
    }
}

/// What rows need from outside.
public struct Settings: Sendable {
    /// Where `armahost`, the plug-in and `blackbox` are, nil when they were not built.
    public var build: String?
    /// The program that runs rows, for what needs a process of its own; nil when it was not built.
    public var faults: String?
    /// The program that makes system calls fail and steps through a call, nil when it was not built.
    public var tracer: String?
    /// The filesystem whose writes can be held, nil when it was not built.
    public var stall: String?
    /// The library that gives a program other clocks, nil when it was not built.
    public var clock: String?
    /// The fuzzer of the decoders, nil when it was not built.
    public var fuzz: String?
    /// Where the golden logs are.
    public var golden: String?
    /// Where the fuzzer's kept inputs are, a folder for each decoder.
    public var corpus: String?
    /// A folder on a real filesystem for scratch files; nil: memory.
    public var scratch: String?

    /// Nothing at hand.
    public init() {}
}

/// The tally of one run of a row.
public final class Trial {
    /// How much is run.
    public let scale: Scale
    /// What its random choices come from.
    public let seed: UInt64
    /// Programs and folders.
    public let settings: Settings
    /// Cases that held.
    public internal(set) var held = 0
    /// Cases that did not.
    public internal(set) var failed = 0
    /// The first failures, in words.
    public internal(set) var failures: [String] = []
    /// Parts that could not be run here, and why.
    public private(set) var skipped: [String] = []
    /// Figures worth printing beside the row.
    public private(set) var notes: [String] = []
    /// How long it took.
    public internal(set) var seconds = 0.0
    /// Random choices of this run.
    public var random: Random

    init(_ scale: Scale, seed: UInt64, _ settings: Settings) {
        self.scale = scale
        self.seed = seed
        self.settings = settings
        random = Random(seed: seed)
    }

    /// The full count, or a small one.
    public func count(_ full: Int, fast: Int) -> Int { scale == .full ? full : min(full, fast) }

    /// Every `step`-th place of a loop over `count` places, so that about `fast` are tried.
    public func step(_ count: Int, fast: Int) -> Int {
        scale == .full ? 1 : max(1, count / max(1, fast))
    }

    /// One case: nil when it held, else what was wrong. A case that hangs ends the process.
    public func check(_ problem: String?, _ place: @autoclosure () -> String) {
        guard let problem else {
            held += 1
            return
        }
        fail(place() + ": " + problem)
    }

    /// One case that did not hold.
    public func fail(_ text: String) {
        failed += 1
        if failures.count < 12 { failures.append(text) }
    }

    /// A part that can't be run here.
    public func skip(_ why: String) { if !skipped.contains(why) { skipped.append(why) } }

    /// A figure.
    public func note(_ text: String) { notes.append(text) }

    /// The next case must end within this many seconds, or the process is ended by SIGALRM: a hang
    /// is a failure, too.
    public func guardAgainstHang(seconds: UInt32 = 60) { alarm(seconds) }

    /// Seconds of the monotonic clock.
    public static func now() -> Double {
        var time = timespec()
        unsafe clock_gettime(CLOCK_MONOTONIC, &time)
        return Double(time.tv_sec) + Double(time.tv_nsec) / 1e9
    }
}
