// The text of an archive's group, as it comes out of its LZ4 frame. The frame's checksums would keep a fuzzer
// out, and its reader works on raw memory: so it is given the text itself.

import WAL

@testable import Archive

enum Archives {
    static func group(_ input: [UInt8]) {
        var decoder = GroupDecoder()
        // Twice: it keeps its memory between groups.
        for _ in 0..<2 {
            do throws(GroupError) {
                try decoder.open(text: input)
                while try decoder.next() {
                    if decoder.isCall {
                        decoder.withCall { (call: borrowing Call) throws(Never) in check(call) }
                    } else {
                        decoder.withOther { (record: borrowing OtherRecord) throws(Never) in
                            _ = Loss.decode(record.payload)
                            _ = MissionMark.decode(record.payload)
                        }
                    }
                }
            } catch {
                // A sentence, never a trap.
                Decoder.hold(!error.reason.isEmpty, "what is wrong is said")
            }
        }
    }

    private static func check(_ call: borrowing Call) {
        var zeros = 0
        for index in call.arguments.indices where call.arguments[index] == 0 { zeros += 1 }
        Decoder.hold(zeros == call.argumentCount, "each argument ends in a NUL")
    }
}
