// The exported functions themselves, with whatever a game could pass. One plug-in a process: these
// tests run one after the other, and close it at the end.

import CPlatform
import Foundation
import Testing

@testable import Extension

@Suite(.serialized) final class Exports {
    private static let folder: TemporaryFolder? = {
        guard let folder = try? TemporaryFolder() else { return nil }
        let root = folder.path
        try? folder.write(
            "c.json",
            #"{"logsDir": "\#(root)/l", "blackbox": {"logDir": "\#(root)/logs", "segmentMiB": 8}}"#)
        // Read by the plug-in when it is called for the first time.
        setenv("OCAP_RECORDER_CONFIG", root + "/c.json", 1)
        return folder
    }()

    init() throws { _ = try #require(Self.folder) }

    private func text(_ size: Int, _ body: (UnsafeMutablePointer<CChar>?, UInt32) -> Void) -> String
    {
        var bytes = [CChar](repeating: 0x55, count: max(1, size) + 8)
        bytes.withUnsafeMutableBufferPointer { body($0.baseAddress, UInt32(size)) }
        #expect(bytes[size...].allSatisfy { $0 == 0x55 })
        guard let end = bytes[..<size].firstIndex(of: 0) else {
            #expect(size == 0)
            return ""
        }
        return String(decoding: bytes[..<end].map { UInt8(bitPattern: $0) }, as: UTF8.self)
    }

    private func call(_ name: String, _ arguments: [String] = [], size: Int = 10_240) -> String {
        withTexts(arguments) { texts in
            text(size) { output, size in
                let code = name.withCString {
                    recorderCallWithArguments(
                        output, size, $0, UnsafeMutablePointer(mutating: texts),
                        Int32(arguments.count))
                }
                #expect(code == 0)
            }
        }
    }

    @Test func theVersionFitsItsBuffer() {
        #expect(text(32) { recorderVersion($0, $1) } == "dev")
        #expect(text(3) { recorderVersion($0, $1) } == "de")
        #expect(text(1) { recorderVersion($0, $1) } == "")
        #expect(text(0) { recorderVersion($0, $1) } == "")
        recorderVersion(nil, 32)
    }

    @Test func nilPointersAreSurvived() {
        recorderCall(nil, 100, nil)
        #expect(
            text(100) { recorderCall($0, $1, nil) } == #"["error", "no handler registered for "]"#)
        #expect(recorderCallWithArguments(nil, 0, nil, nil, 5) == 0)
        let got = text(100) { output, size in
            ":EVENT:KILL:".withCString { name in
                _ = recorderCallWithArguments(output, size, name, nil, 7)
                var none: [UnsafePointer<CChar>?] = [nil, nil, nil]
                none.withUnsafeMutableBufferPointer {
                    _ = recorderCallWithArguments(output, size, name, $0.baseAddress, 3)
                }
            }
        }
        #expect(got == #"["ok", "queued"]"#)
        recorderRegisterCallback(nil)
        recorderContext(nil, 4)
        recorderContext(nil, -1)
    }

    @Test func aNegativeCountIsNoArguments() {
        let got = text(100) { output, size in
            ":PLACED:CREATE:".withCString { name in
                var none: [UnsafePointer<CChar>?] = [nil]
                none.withUnsafeMutableBufferPointer {
                    _ = recorderCallWithArguments(output, size, name, $0.baseAddress, -5)
                }
            }
        }
        #expect(got == #"["error", ":PLACED:CREATE: needs 9 arguments, got 0"]"#)
    }

    @Test func aBufferOfAnySizeGetsAsMuchAsFits() {
        let whole = #"["error", "no handler registered for ж😀"]"#
        for size in 0...60 {
            let got = call("ж😀", size: size)
            #expect(whole.hasPrefix(got))
            #expect(got == whole || got.utf8.count + 4 >= size - 1)
        }
    }

    @Test func manyAndLargeArgumentsAreTaken() {
        #expect(call(":EVENT:GENERAL:", (0..<2_048).map(String.init)) == #"["ok", "queued"]"#)
        #expect(
            call(":EVENT:GENERAL:", [String(repeating: "x", count: 1 << 20)])
                == #"["ok", "queued"]"#)
        #expect(
            text(64) { output, size in
                String(repeating: "y", count: 1 << 20).withCString {
                    recorderCall(output, size, $0)
                }
            }.hasPrefix(#"["error", "no handler registered for yyy"#))
    }

    @Test func theFlagSwitchesTheAutomaticContextOff() { #expect(bb_feature_flags() == 4) }

    @Test func zClosingEndsIt() {
        Plugin.closeCurrent()
        #expect(call(":EVENT:KILL:") == #"["error", "not recorded: the recorder is closed"]"#)
        Plugin.closeCurrent()
        if let folder = Self.folder { try? FileManager.default.removeItem(atPath: folder.path) }
    }
}
