// Other programs: started, waited for with a limit, killed. What they print goes to a file.

import CPlatform
import Glibc
import Segments

/// How a program ended.
struct Ended {
    /// Its exit code, 128 + the number of the signal that ended it, −1 when it had to be stopped.
    var code: Int32
    /// What it printed.
    var output: [UInt8]

    var text: String { String(decoding: output, as: UTF8.self) }
    /// The last lines, for a failure's text.
    var tail: String { String(decoding: output.suffix(400), as: UTF8.self) }
}

/// A started program.
struct Program {
    private let process: pid_t
    private let outputPath: String
    private let keepsOutput: Bool

    /// Starts `words[0]` in a folder.
    init(
        _ words: [String], in folder: String, output: String? = nil, environment: [String] = []
    ) throws {
        outputPath = output ?? folder + "/.output-\(bb_clock_exact())"
        keepsOutput = output != nil
        var actions = unsafe posix_spawn_file_actions_t()
        unsafe posix_spawn_file_actions_init(&actions)
        defer { unsafe posix_spawn_file_actions_destroy(&actions) }
        unsafe posix_spawn_file_actions_addopen(&actions, 0, "/dev/null", O_RDONLY, 0)
        unsafe posix_spawn_file_actions_addopen(
            &actions, 1, outputPath, O_WRONLY | O_CREAT | O_TRUNC, 0o644)
        unsafe posix_spawn_file_actions_adddup2(&actions, 1, 2)
        // The C library's own way to change the folder is no standard one: env(1) does it.
        let arguments = TextTable(["/usr/bin/env", "-C", folder] + words)
        let surroundings = TextTable(environment + Self.inherited)
        var id: pid_t = 0
        let error = unsafe posix_spawn(
            &id, "/usr/bin/env", &actions, nil, arguments.pointers, surroundings.pointers)
        guard error == 0 else { throw LogError(.open, words[0], Int64(-error)) }
        process = id
    }

    private static let inherited: [String] = ["PATH", "HOME", "LANG", "TZ", "TMPDIR"].compactMap {
        guard let value = unsafe getenv($0) else { return nil }
        return unsafe $0 + "=" + String(cString: value)
    }

    /// Waits for its end, at most that long; then it is killed.
    func wait(seconds: Double = 60) -> Ended {
        let limit = Trial.now() + seconds
        var status: Int32 = 0
        var pause: UInt64 = 100_000
        while unsafe waitpid(process, &status, WNOHANG) != process {
            if Trial.now() > limit {
                Glibc.kill(process, SIGKILL)
                unsafe waitpid(process, &status, 0)
                return Ended(code: -1, output: output())
            }
            bb_thread_sleep_ns(pause)
            pause = min(pause * 2, 4_000_000)
        }
        let signal = status & 0x7F
        return Ended(code: signal != 0 ? 128 + signal : (status >> 8) & 0xFF, output: output())
    }

    /// SIGKILL.
    func kill() { Glibc.kill(process, SIGKILL) }

    private func output() -> [UInt8] {
        let bytes = (try? Disk.read(outputPath)) ?? []
        if !keepsOutput { Disk.remove(outputPath) }
        return bytes
    }

    /// Starts and waits.
    static func run(
        _ words: [String], in folder: String, seconds: Double = 60, environment: [String] = []
    ) throws -> Ended {
        try Program(words, in: folder, environment: environment).wait(seconds: seconds)
    }

    /// A program of the system, by its name; nil when there is none.
    static func path(_ name: String) -> String? {
        for folder in ["/usr/bin", "/usr/sbin", "/bin", "/sbin", "/usr/local/bin"]
        where unsafe access(folder + "/" + name, X_OK) == 0 {
            return folder + "/" + name
        }
        return nil
    }
}

/// C texts with a nil pointer behind the last.
@safe
private final class TextTable {
    let pointers: UnsafeMutablePointer<UnsafeMutablePointer<CChar>?>
    private let count: Int

    init(_ words: [String]) {
        count = words.count
        unsafe pointers = .allocate(capacity: words.count + 1)
        for (index, word) in words.enumerated() {
            unsafe (pointers + index).initialize(to: strdup(word))
        }
        unsafe (pointers + words.count).initialize(to: nil)
    }

    deinit {
        for index in 0..<count { unsafe free(pointers[index]) }
        unsafe pointers.deallocate()
    }
}
