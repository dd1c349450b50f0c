// The plug-in loaded twice in one process, under two file names, as two mods would: two logs.

import CPlatform
import Glibc
import Segments

/// A loaded copy of the plug-in.
@safe
struct LoadedPlugin {
    typealias Function =
        @convention(c) (
            UnsafeMutablePointer<CChar>?, UInt32, UnsafePointer<CChar>?,
            UnsafePointer<UnsafePointer<CChar>?>?, UInt32
        ) -> Int32
    private let function: Function
    private let handle: UnsafeMutableRawPointer

    init?(_ path: String) {
        guard let handle = unsafe dlopen(path, RTLD_NOW | RTLD_LOCAL),
            let symbol = unsafe dlsym(handle, "RVExtensionArgs")
        else { return nil }
        unsafe function = unsafeBitCast(symbol, to: Function.self)
        unsafe self.handle = handle
    }

    /// As the game's `freeExtension`. No call may follow.
    func unload() { unsafe dlclose(handle) }

    /// One call; its reply.
    @discardableResult
    func call(_ name: String, _ argument: String) -> String {
        let name = CTexts([Array(name.utf8)])
        let texts = CTexts([Array(argument.utf8)])
        var reply = [CChar](repeating: 0, count: 20_480)
        _ = unsafe reply.withUnsafeMutableBufferPointer { reply in
            unsafe function(
                reply.baseAddress, UInt32(reply.count), name.pointers[0], texts.pointers, 1)
        }
        return String(
            decoding: reply.prefix { $0 != 0 }.map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }
}

enum TwinPlugins {
    static let callCount = 40

    /// Calls both copies in turns, in the current folder, and leaves as a game does.
    static func run(_ folder: String, _ first: String, _ second: String) -> Bool {
        guard unsafe chdir(folder) == 0, let one = LoadedPlugin(first),
            let two = LoadedPlugin(second)
        else { return false }
        for number in 0..<callCount {
            one.call(":EVENT:CHAT:", "one \(number)")
            two.call(":EVENT:CHAT:", "two \(number)")
        }
        return true
    }

    /// Nil when each copy has a log of its own with its own calls.
    static func judge(_ folder: String) throws -> String? {
        let logs = try LogList.find(folder + "/blackbox-logs").map(\.path)
        guard logs.count == 2 else { return "\(logs.count) logs" }
        var seen: Set<String> = []
        for log in logs {
            let (calls, report) = try Server.read(log)
            guard report.verdict == .clean else { return "\(report.verdict)" }
            guard let who = calls.first?.arguments.first?.prefix(3), calls.count == callCount else {
                return "\(calls.count) calls in \(log)"
            }
            for (number, call) in calls.enumerated()
            where call.arguments != [Array(who) + Array(" \(number)".utf8)] {
                return "call \(number) of \(log) is another one"
            }
            seen.insert(String(decoding: who, as: UTF8.self))
        }
        return seen == ["one", "two"] ? nil : "the logs of \(seen)"
    }
}
