// The name of a replay: `<mission>_<YYYYMMDD_HHMMSS>`, with what no file system or shell takes well
// replaced (docs/formats/replay-json.md).

/// Names of output files.
public enum ReplayName {
    /// Bytes that a mission's name may take: time stamp, `_2`, extensions and what others put behind
    /// it still fit into the 255 of a file name.
    public static let longestMission = 200

    /// The name without extension, stamped with local time.
    /// - Parameters:
    ///   - time: UTC nanoseconds since 1970.
    ///   - utcOffsetSeconds: to add for local time.
    public static func stem(mission: String, time: Int64, utcOffsetSeconds: Int32) -> String {
        String(decoding: safeName(mission), as: UTF8.self) + "_"
            + stamp(time: time, utcOffsetSeconds: utcOffsetSeconds)
    }

    /// The mission's name as a part of a file name: never empty, never with a path in it.
    static func safeName(_ mission: String) -> [UInt8] {
        var name: [UInt8] = []
        var before: UInt8 = UInt8(ascii: ".")
        for byte in mission.utf8 {
            defer { before = byte }
            switch byte {
            case 0..<0x20, 0x7F, UInt8(ascii: " "), UInt8(ascii: ":"), UInt8(ascii: "/"),
                UInt8(ascii: "\\"), UInt8(ascii: "*"), UInt8(ascii: "?"), UInt8(ascii: "\""),
                UInt8(ascii: "<"), UInt8(ascii: ">"), UInt8(ascii: "|"):
                name.append(UInt8(ascii: "_"))
            case UInt8(ascii: "."):
                // No hidden file, and no `..` anywhere: of several dots none stays.
                if before == byte && !name.isEmpty { name[name.count - 1] = UInt8(ascii: "_") }
                name.append(before == byte ? UInt8(ascii: "_") : byte)
            default:
                name.append(byte)
            }
        }
        if name.count > longestMission {
            var end = longestMission
            // Back to the first byte of a character.
            while end > 0 && name[end] & 0xC0 == 0x80 { end -= 1 }
            name.removeSubrange(end...)
        }
        return name.isEmpty ? Array("mission".utf8) : name
    }

    /// `YYYYMMDD_HHMMSS` of a moment, in local time.
    static func stamp(time: Int64, utcOffsetSeconds: Int32) -> String {
        // Floored, so that moments before 1970 don't come out a second late.
        let utc = time >= 0 ? time / 1_000_000_000 : (time + 1) / 1_000_000_000 - 1
        let local = utc + Int64(utcOffsetSeconds)
        let days = local >= 0 ? local / 86_400 : (local + 1) / 86_400 - 1
        let second = local - days * 86_400
        let date = civilDate(days: days)
        return digits(date.year, 4) + digits(date.month, 2) + digits(date.day, 2) + "_"
            + digits(second / 3600, 2) + digits(second / 60 % 60, 2) + digits(second % 60, 2)
    }

    /// Year, month and day of the Gregorian calendar, `days` after 1970-01-01.
    private static func civilDate(days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        // Counted in 400-year eras from 1 March of the year 0: leap days come last in a year then.
        let shifted = days + 719_468
        let era = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        let month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        return (
            yearOfEra + era * 400 + (month <= 2 ? 1 : 0), month,
            dayOfYear - (153 * marchMonth + 2) / 5 + 1
        )
    }

    private static func digits(_ value: Int64, _ width: Int) -> String {
        let text = String(value)
        let missing = width - text.utf8.count
        return missing > 0 ? String(repeating: "0", count: missing) + text : text
    }
}
