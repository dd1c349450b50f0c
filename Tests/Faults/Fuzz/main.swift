// Feeds decoders with input after input: fault-fuzz DECODER [libFuzzer's options and folders]. Built with
// the address sanitizer and coverage (Tools/build fuzz); a trap, a bad access or a broken promise ends
// it with the input in a file.

import FuzzDriver
import Glibc

guard CommandLine.arguments.count >= 2, let decoder = Decoder.named(CommandLine.arguments[1]) else {
    print(
        "fault-fuzz DECODER [options of libFuzzer]; decoders:",
        Decoder.all.map(\.name).joined(separator: " "))
    exit(2)
}
// The driver reads C's arguments: ours without the decoder's name.
let body = decoder.body
var arguments: [UnsafeMutablePointer<CChar>?] =
    unsafe ([CommandLine.arguments[0]] + CommandLine.arguments.dropFirst(2)).map {
        unsafe strdup($0)
    }
var count = unsafe Int32(arguments.count)
unsafe arguments.append(nil)
let code = unsafe arguments.withUnsafeMutableBufferPointer { buffer in
    var table = buffer.baseAddress
    return unsafe LLVMFuzzerRunDriver(&count, &table) { bytes, count in
        let input = unsafe UnsafeBufferPointer(start: bytes, count: count)
        unsafe body(Array(input))
        return 0
    }
}
exit(code)
