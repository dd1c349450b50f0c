// The plug-in as the game calls it, and the reading of its configuration. Logs go to memory and are
// removed as they are filled.

import CPlatform
import Extension
import FaultHarness
import Glibc
import Segments
import Values

enum Game {
    private static let folder: String = {
        let path = "/dev/shm/blackbox-fuzz-game-\(bb_process_id())"
        try? Paths.makeFolders(path)
        let text =
            #"{"logLevel": "error", "blackbox": {"autorun": false, "segmentMiB": 1}}"#
        try? Disk.write(path + "/cfg.json", Array(text.utf8))
        unsafe setenv("OCAP_RECORDER_CONFIG", path + "/cfg.json", 1)
        _ = unsafe chdir(path)
        return path
    }()
    /// Written by the one thread that is called.
    nonisolated(unsafe) private static var count = 0  // the fuzzer has one thread

    /// A call: the first line is the function, the other fields (between tabs) are the arguments. An odd
    /// first byte asks for the text form; the second one says how large the reply buffer is.
    static func call(_ input: [UInt8]) {
        let folder = Self.folder
        guard input.count > 2 else { return }
        let size = max(1, Int(input[1]) * 8)
        let fields = input.dropFirst(2).split(separator: 0x09, omittingEmptySubsequences: false)
            .map { $0.map { $0 == 0 ? 1 : $0 } }
        let name = CTexts([fields.first ?? []])
        let arguments = Array(fields.dropFirst().prefix(2048))
        let texts = CTexts(arguments)
        // Of exactly that size, so that a byte too many is found.
        let reply = UnsafeMutablePointer<CChar>.allocate(capacity: size)
        defer { unsafe reply.deallocate() }
        unsafe reply.initialize(repeating: 0x55, count: size)
        if input[0] & 1 == 1 {
            unsafe recorderCall(reply, UInt32(size), name.pointers[0])
        } else {
            _ = unsafe recorderCallWithArguments(
                reply, UInt32(size), name.pointers[0],
                UnsafeMutablePointer(mutating: texts.pointers), Int32(arguments.count))
        }
        let length = unsafe strnlen(reply, size)
        Decoder.hold(length < size, "a reply ends in a NUL")
        let text = (0..<length).map { unsafe UInt8(bitPattern: reply[$0]) }
        Decoder.hold(UTF8Text.isValid(text.span), "a reply is UTF-8")
        unsafe count += 1
        if unsafe count % 4096 == 0 { clean(folder) }
    }

    /// Removes sealed segments.
    private static func clean(_ folder: String) {
        for log in (try? LogList.find(folder + "/blackbox-logs").map(\.path)) ?? [] {
            let names = ((try? Paths.names(in: log)) ?? []).filter { $0.hasSuffix(".seg") }
            for name in names.sorted().dropLast(6) { Disk.remove(log + "/" + name) }
        }
    }

    /// A configuration file's text.
    static func configure(_ input: [UInt8]) { _ = Configuration.read(input) }
}
