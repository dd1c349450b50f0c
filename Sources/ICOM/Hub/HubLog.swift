// The hub's log lines: `time=… level=… msg="…" key=value`, the form of the plug-in's log file. Written by
// a thread of its own, so that a terminal or pipe that nobody reads never holds up an event.

import Dispatch
import Foundation
import Logging

/// Writes lines in order, elsewhere.
public final class LineWriter: Sendable {
    private static let limitBytes = 4 << 20
    private let queue = DispatchQueue(label: "log")
    private let handle: FileHandle
    private let state = NSLock()
    private nonisolated(unsafe) var waiting = 0  // behind `state`
    private nonisolated(unsafe) var dropped = 0  // behind `state`

    /// Writes to standard output, or where told.
    public init(_ handle: FileHandle = .standardOutput) {
        self.handle = handle
    }

    func write(_ line: String) {
        let data = Data(line.utf8)
        let lost: Int? = state.withLock {
            guard unsafe waiting + data.count <= Self.limitBytes else {
                unsafe dropped += 1
                return nil
            }
            unsafe waiting += data.count
            defer { unsafe dropped = 0 }
            return unsafe dropped
        }
        guard let lost else { return }
        queue.async { [self] in
            // Nobody is left to tell when this fails.
            if lost > 0 {
                try? handle.write(
                    contentsOf: Data("msg=\"lines were dropped\" lines=\(lost)\n".utf8))
            }
            try? handle.write(contentsOf: data)
            state.withLock { unsafe waiting -= data.count }
        }
    }

    /// Waits until all is written.
    public func flush() { queue.sync {} }
}

/// The form of the lines.
public struct KeyValueLogHandler: LogHandler {
    /// Lines below it are not written.
    public var logLevel: Logger.Level = .info
    /// What every line carries.
    public var metadata: Logger.Metadata = [:]
    private let writer: LineWriter

    /// Lines go to `writer`.
    public init(_ writer: LineWriter, level: Logger.Level = .info) {
        self.writer = writer
        logLevel = level
    }

    /// One thing that every line carries.
    public subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    /// Writes a line.
    public func log(event: LogEvent) {
        let all = metadata.merging(event.metadata ?? [:]) { $1 }
        var line =
            "time=\(Self.now()) level=\(Self.word(event.level)) msg=\(Self.quoted("\(event.message)"))"
        for (key, value) in all.sorted(by: { $0.key < $1.key }) {
            let text = "\(value)"
            if text.isEmpty { continue }
            line += " \(key)=\(Self.needsQuotes(text) ? Self.quoted(text) : text)"
        }
        writer.write(line + "\n")
    }

    private static func now() -> String {
        Date.now.formatted(.iso8601.year().month().day().time(includingFractionalSeconds: true))
            + "Z"
    }

    private static func word(_ level: Logger.Level) -> String {
        switch level {
        case .trace, .debug: "DEBUG"
        case .info, .notice: "INFO"
        case .warning: "WARN"
        case .error, .critical: "ERROR"
        }
    }

    private static func needsQuotes(_ text: String) -> Bool {
        text.utf8.contains { $0 <= 0x20 || $0 == 0x7F || $0 == 0x22 || $0 == 0x3D }
    }

    private static func quoted(_ text: String) -> String {
        var result = "\""
        for scalar in text.unicodeScalars {
            switch scalar {
            case "\"", "\\": result += "\\\(scalar)"
            case "\n": result += "\\n"
            case "\r": result += "\\r"
            case "\t": result += "\\t"
            case _ where scalar.value < 0x20 || scalar.value == 0x7F:
                result += "\\x" + (scalar.value < 16 ? "0" : "") + String(scalar.value, radix: 16)
            default: result.unicodeScalars.append(scalar)
            }
        }
        return result + "\""
    }
}
