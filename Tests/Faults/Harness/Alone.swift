// A row in a process of its own: a trap or a hang in it is a failed row and not the end of the table.
// Where we are root it also has mounts and process ids of its own, so that whatever it leaves behind
// (mounted images, writers) ends with it.

import CPlatform
import Glibc
import Segments

extension Settings {
    /// The options of the program `faults` that give it these settings.
    var words: [String] {
        let pairs = [
            ("--build", build), ("--tracer", tracer), ("--stall", stall), ("--clock", clock),
            ("--fuzz", fuzz), ("--golden", golden), ("--corpus", corpus), ("--scratch", scratch),
        ]
        return pairs.flatMap { name, path in path.map { [name, $0] } ?? [] }
    }

    /// The programs of the tests, where they have been built: beside this one in `folder`.
    public mutating func find(in folder: String) {
        func found(_ name: String, _ mode: Int32) -> String? {
            let path = folder + "/" + name
            return unsafe access(path, mode) == 0 ? path : nil
        }
        faults = faults ?? found("faults", X_OK)
        tracer = tracer ?? found("fault-trace", X_OK)
        stall = stall ?? found("fault-stall", X_OK)
        clock = clock ?? found("libfault-clock.so", R_OK)
        fuzz =
            fuzz
            ?? build.flatMap { unsafe access($0 + "/fault-fuzz", X_OK) == 0 ? $0 : nil }
            .map { $0 + "/fault-fuzz" }
    }
}

extension Row {
    /// Runs it in a process of its own, at most `seconds` long (0: as long as it takes).
    public func runAlone(
        _ scale: Scale, seed: UInt64, _ settings: Settings, seconds: Double = 0
    ) -> Trial {
        guard let faults = settings.faults else { return run(scale, seed: seed, settings) }
        let trial = Trial(scale, seed: seed, settings)
        let start = Trial.now()
        do {
            let scratch = try Scratch()
            let tally = scratch.path + "/tally"
            var words = Self.ownSpace + [faults] + settings.words
            if scale == .fast { words.append("--fast") }
            words += ["--seed", String(seed), "--tally", tally, "--here", String(number)]
            let ended = try Program.run(
                words, in: scratch.path, seconds: seconds > 0 ? seconds : 1e7,
                environment: ["BLACKBOX_OWN_SPACE=1"])
            if let bytes = try? Disk.read(tally) {
                trial.absorb(bytes)
            } else {
                let why =
                    ended.code == -1 || ended.code == 128 + SIGALRM
                    ? "hangs" : "ended with \(ended.code)"
                trial.fail("\(why): \(ended.tail)")
            }
        } catch {
            trial.fail("could not be started: \(error)")
        }
        trial.seconds = Trial.now() - start
        return trial
    }

    /// Words in front of a program that give it mounts and process ids of its own; none without the
    /// right to. A shell is the first process: as the first one our own would not die of an alarm.
    private static let ownSpace: [String] = {
        guard geteuid() == 0, let unshare = Program.path("unshare"), let shell = Program.path("sh")
        else { return [] }
        let words = [
            unshare, "--mount", "--propagation", "private", "--pid", "--fork", "--kill-child",
            "--mount-proc",
        ]
        let tried = try? Program.run(words + [shell, "-c", "true"], in: "/")
        return tried?.code == 0 ? words + [shell, "-c", #""$@"; exit $?"#, "sh"] : []
    }()
}

extension Trial {
    /// The tally as lines, for another process.
    func encoded() -> [UInt8] {
        var text = "held \(held)\nfailed \(failed)\n"
        for (word, lines) in [("failure", failures), ("skipped", skipped), ("note", notes)] {
            for line in lines {
                let flat = line.split(separator: "\n").joined(separator: " | ")
                text += word + " " + flat + "\n"
            }
        }
        return Array(text.utf8)
    }

    /// Takes over what another process counted.
    func absorb(_ bytes: [UInt8]) {
        for line in String(decoding: bytes, as: UTF8.self).split(separator: "\n") {
            guard let space = line.firstIndex(of: " ") else { continue }
            let rest = String(line[line.index(after: space)...])
            switch line[..<space] {
            case "held": held += Int(rest) ?? 0
            case "failed": failed += Int(rest) ?? 0
            case "failure": failures.append(rest)
            case "skipped": skip(rest)
            case "note": note(rest)
            default: break
            }
        }
    }

    /// Writes the tally for the process that started this one.
    public func write(to path: String) { try? Disk.write(path, encoded()) }
}
