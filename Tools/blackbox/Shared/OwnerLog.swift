// What is done to a server's logs, said where its owner reads it: in the plug-in's log file, as lines of
// the same form.

import CPlatform
import Extension
import Segments

/// Says things: in the log file when there is one, and to whoever started the program.
struct OwnerLog {
    /// The log file; nil when nobody named one.
    let path: String?
    let isQuiet: Bool
    let isJSON: Bool

    func tell(_ level: LogLevel, _ message: String, _ fields: [LogField]) {
        put(level, message, fields)
        if isJSON {
            var object = JSONLine()
            object.add("message", message)
            for field in fields { object.add(key: field.key, field.value) }
            Console.write(object.line)
            return
        }
        var line = message
        for field in fields { line += ", " + field.key + ": " + field.value }
        if level.rawValue >= LogLevel.warn.rawValue {
            Console.complain(line)
        } else if !isQuiet {
            Console.print(line)
        }
    }

    private func put(_ level: LogLevel, _ message: String, _ fields: [LogField]) {
        guard let path else { return }
        var line: [UInt8] = []
        LogLine(
            level: level, message: message, fields: fields, seconds: bb_clock_wall() / 1_000_000_000
        ).append(to: &line)
        // Opened for each line: the plug-in may have renamed the file meanwhile.
        guard
            let file = try? File(
                path, UInt32(BB_OPEN_WRITE) | UInt32(BB_OPEN_CREATE) | UInt32(BB_OPEN_APPEND))
        else { return }
        // A disk that takes no line takes no complaint about it either.
        _ = unsafe line.withUnsafeBytes { bytes in
            unsafe bb_file_put(file.handle, bytes.baseAddress, UInt64(bytes.count))
        }
    }
}
