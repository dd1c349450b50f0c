// How a log is written, what an append answers, and what the names in a log's folder are.

import Values

/// How a log is written.
public struct LogSettings: Sendable {
    /// The first segment is small, so that loading is quick and a short mission's log small.
    public var firstSegmentBytes = 4 << 20
    /// From the second segment on.
    public var segmentBytes = 64 << 20
    /// How often what is new goes to the tail file.
    public var keeperIntervalMilliseconds: UInt32 = 100
    /// How far ahead of the writing position pages are kept present, at least.
    public var populateBytes = 8 << 20
    /// Version of the writer, for the header page.
    public var writer: [UInt8] = []

    /// The defaults of the design.
    public init() {}

    /// The settings with sizes brought into what the format allows, whole pages.
    func bounded() -> LogSettings {
        var settings = self
        settings.firstSegmentBytes = Self.bounded(firstSegmentBytes)
        settings.segmentBytes = max(Self.bounded(segmentBytes), settings.firstSegmentBytes)
        settings.keeperIntervalMilliseconds = min(max(keeperIntervalMilliseconds, 1), 60_000)
        settings.populateBytes = min(max(populateBytes, 1 << 16), 1 << 30)
        return settings
    }

    private static func bounded(_ size: Int) -> Int {
        min(max(size, 1 << 16), 1 << 30) & ~4095
    }
}

/// What became of a call.
public enum AppendOutcome: Equatable, Sendable {
    /// It is in the log, under this sequence number.
    case kept(UInt64)
    /// There was no room; it is counted, and a loss record will say so.
    case lost
    /// It is larger than any segment; `limit` is the most bytes of arguments that fit.
    case tooLarge(limit: Int)
    /// The log is closed, or this is a forked child.
    case closed
}

/// What goes first when space runs out.
public enum Priority: UInt32, Sendable {
    /// Where each unit is: dropped first.
    case unitState = 0
    /// Vehicles, markers, telemetry, times.
    case otherState = 1
    /// Kills, chat, joins, creations: dropped last.
    case event = 2
}

/// Names in a log's folder.
public enum LogNames {
    /// Held exclusively (flock) by the writer as long as it lives; content: its process id.
    public static let lock = "lock"

    /// Space set aside for the day that the disk is full.
    public static let reserve = "reserve"

    /// Beside the segments of a log that a web server is to get as a stream, until it has all of it. Whoever
    /// streams it holds it locked.
    public static let streamMark = ".websocket"

    /// In front of the name of a log's folder that is on its way out: such a folder is no log any more.
    public static let leavingMark = ".removing-"

    /// Whether a name is that of a log's folder: `20250601T180000Z-4711`.
    static func isFolder(_ name: String) -> Bool {
        let bytes = name.bytes
        guard bytes.count > 17, bytes[8] == 0x54, bytes[15] == 0x5A, bytes[16] == 0x2D else {
            return false
        }
        return (bytes[..<8] + bytes[9..<15]).allSatisfy { $0 >= 0x30 && $0 <= 0x39 }
    }

    /// `000001.seg`
    public static func segment(_ number: UInt32) -> String { padded(number) + ".seg" }

    /// `000001.tail`, `000001-2.tail` …
    public static func tail(_ number: UInt32, part: UInt32) -> String {
        padded(number) + (part > 1 ? "-" + String(part) : "") + ".tail"
    }

    /// Number of a segment file's name, nil for any other name.
    public static func segmentNumber(_ name: String) -> UInt32? { number(name, ".seg", false)?.0 }

    /// Number and part of a tail file's name.
    public static func tailNumber(_ name: String) -> (UInt32, UInt32)? {
        number(name, ".tail", true)
    }

    private static func padded(_ number: UInt32) -> String {
        var text = String(number)
        while text.utf8.count < 6 { text = "0" + text }
        return text
    }

    private static func number(_ name: String, _ suffix: String, _ parts: Bool) -> (UInt32, UInt32)?
    {
        guard Paths.hasSuffix(name, suffix) else { return nil }
        var number: UInt64 = 0
        var part: UInt64 = 0
        var inPart = false
        let digits = name.bytes.dropLast(suffix.utf8.count)
        for byte in digits {
            if byte == 0x2D, parts, !inPart {
                inPart = true
            } else if byte >= 0x30, byte <= 0x39 {
                if inPart {
                    part = part * 10 + UInt64(byte - 0x30)
                } else {
                    number = number * 10 + UInt64(byte - 0x30)
                }
                guard number <= 0xFFFF_FFFF, part <= 0xFFFF_FFFF else { return nil }
            } else {
                return nil
            }
        }
        guard digits.count >= 6, number > 0 else { return nil }
        return (UInt32(number), inPart ? UInt32(part) : 1)
    }
}
