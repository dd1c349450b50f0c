// Row 14: compact and recover killed at random moments and at each call that writes, over a log of several
// segments. Outputs appear only complete; run again, they are what they always are, and so is the log.

import CPlatform
import Glibc
import Segments

extension Rows {
    static let killedTools = Row(
        14, "SIGKILL of compact and recover: random, and at each output call"
    ) {
        trial in
        let scratch = try Scratch(in: trial.settings.scratch)
        for command in ToolCommand.allCases {
            let root = scratch.path + "/\(command)"
            try Paths.makeFolders(root)
            guard let job = try ToolJob(trial, root, command) else { return }
            let count = try job.countCalls(reads: false)
            trial.note("\(command): \(count) output calls, each killed before and behind")
            let step = trial.step(count * 2, fast: 12)
            for index in stride(from: 0, to: count * 2, by: step) {
                let how = index % 2 == 0 ? "--kill" : "--kill-behind"
                try job.prepare()
                trial.guardAgainstHang()
                let ended = try job.run([how, String(index / 2 + 1)])
                guard ended.code == 137 || ended.code == 0 else {
                    trial.fail("\(command), \(how) \(index / 2 + 1): ended with \(ended.code)")
                    continue
                }
                trial.check(
                    try job.judge(ended) ?? job.judgeFiles(), "\(command), \(how) \(index / 2 + 1)")
            }
            try randomKills(trial, job, root)
        }
    }

    private static func randomKills(_ trial: Trial, _ job: ToolJob, _ root: String) throws {
        // As long as an undisturbed run takes.
        try job.prepare()
        let start = Trial.now()
        _ = try Program.run(job.words(job.command), in: root)
        let span = Int((Trial.now() - start) * 1e9)
        for number in 0..<trial.count(200, fast: 4) {
            try job.prepare()
            trial.guardAgainstHang()
            let program = try Program(job.words(job.command), in: root)
            bb_thread_sleep_ns(UInt64(trial.random.below(span)))
            program.kill()
            let ended = program.wait()
            guard ended.code == 137 || ended.code == 0 else {
                trial.fail("\(job.command), random kill \(number): ended with \(ended.code)")
                continue
            }
            trial.check(
                try job.judge(ended) ?? job.judgeFiles(),
                "\(job.command), random kill \(number), seed \(trial.seed)")
        }
    }
}
