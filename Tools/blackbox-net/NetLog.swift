// What a background job says: lines with time and level, as the plug-in's own log file has them, on
// standard output, which the plug-in has put into a file.

import CPlatform
import Extension

enum NetLog {
    static func put(_ level: LogLevel, _ message: String, _ fields: [LogField]) {
        var bytes: [UInt8] = []
        LogLine(
            level: level, message: message, fields: fields, seconds: bb_clock_wall() / 1_000_000_000
        ).append(to: &bytes)
        // The console brings the line's end.
        if bytes.last == UInt8(ascii: "\n") { bytes.removeLast() }
        NetConsole.print(String(decoding: bytes, as: UTF8.self))
    }
}
