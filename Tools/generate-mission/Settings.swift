// What is to be generated, from the command line.

import Glibc

struct Settings {
    var seed: UInt64 = 1
    var minutes = 5.0
    var units = 40
    var vehicles = 8
    var shotsPerMinute = 150
    var delay = 1.0
    var framesPerSecond = 50
    var recordings = 2
    var path: String?
    var summaryPath: String?

    /// Capture frames of one recording.
    var frames: Int { max(12, Int(minutes * 60 / delay)) }

    static let help = """
        generate-mission: a realistic mission as a stream of calls, on standard output. It uses every
        command of the recorder; the same seed gives the same bytes.

          --seed N               (1)
          --minutes M            length of each recording (5)
          --units N              units alive at a time (40)
          --vehicles N           (8)
          --shots-per-minute N   (150)
          --delay S              seconds between two captures (1)
          --fps N                server frames a second, written as @frame (50)
          --recordings N         recordings in the one process (2)
          --output FILE          instead of standard output
          --summary FILE         what the stream holds, as JSON

        Examples
          generate-mission > mission.tsv
          generate-mission --seed 7 --minutes 60 --units 200 --vehicles 40 --shots-per-minute 1200 \\
              --recordings 1 --output hour.tsv      (about 909,000 calls)

        Exit codes: 0 written; 1 it could not be written; 2 wrong usage.

        """

    init(arguments: [String]) {
        var index = 1
        func value() -> String {
            index += 1
            guard index < arguments.count else {
                fail("a value is missing behind \(arguments[index - 1])", code: 2)
            }
            return arguments[index]
        }
        func number<Number: LosslessStringConvertible & Comparable>(
            _ range: ClosedRange<Number>
        ) -> Number {
            let option = arguments[index]
            let text = value()
            guard let number = Number(text), range.contains(number) else {
                fail(
                    "\(option) takes a number from \(range.lowerBound) to \(range.upperBound)",
                    code: 2)
            }
            return number
        }
        while index < arguments.count {
            switch arguments[index] {
            case "--seed": seed = number(0...UInt64.max)
            case "--minutes": minutes = number(0.1...100_000)
            case "--units": units = number(8...20_000)
            case "--vehicles": vehicles = number(1...5_000)
            case "--shots-per-minute": shotsPerMinute = number(0...100_000)
            case "--delay": delay = number(0.1...10)
            case "--fps": framesPerSecond = number(1...1_000)
            case "--recordings": recordings = number(1...1_000)
            case "--output": path = value()
            case "--summary": summaryPath = value()
            case "--help", "-h":
                Output.standard.write(Array(Settings.help.utf8))
                exit(0)
            default: fail("unknown option \(arguments[index]) (--help shows them)", code: 2)
            }
            index += 1
        }
    }
}
