// Another Debian's files to run things in: Tools/lib/userland, from the tests.

import Foundation
import Testing

struct Userland {
    private static let tool = Built.package.appending(path: "Tools/lib/userland")
    private let folder: String

    /// The first of these releases that can be had. Cancels the test, saying why, where none can (in
    /// continuous integration that is a failure).
    init(_ names: [String], test: String) throws {
        let ran = try run(Self.tool, ["folder"] + names, in: Built.package, limitSeconds: 1_200)
        if ran.code == 3, ProcessInfo.processInfo.environment["CI"] != "true" {
            // A cancelled case is not told of; Tools/test repeats such a line.
            print("Test \(test)(\(names[0])) skipped: \(ran.errors)")
            try Test.cancel("\(ran.errors)")
        }
        guard ran.code == 0, let line = ran.lines.last else {
            throw TestFailure("Tools/lib/userland ended with \(ran.code): \(ran.errors)")
        }
        folder = String(line)
    }

    /// Runs a shell command in it; `work` is its working directory.
    func enter(_ command: String, work: URL) throws -> Ran {
        try run(
            Self.tool, ["run", folder, work.path, "sh", "-c", command], in: Built.package)
    }
}
