// Numbers and times as a person reads them.

import Values

enum Words {
    /// `1,234,567`
    static func count(_ number: UInt64) -> String {
        let digits = Array(String(number).utf8)
        var text: [UInt8] = []
        for (index, digit) in digits.enumerated() {
            if index > 0 && (digits.count - index) % 3 == 0 { text.append(UInt8(ascii: ",")) }
            text.append(digit)
        }
        return String(decoding: text, as: UTF8.self)
    }

    static func count(_ number: Int) -> String {
        (number < 0 ? "-" : "") + count(number.magnitude)
    }

    static func count(_ number: UInt) -> String { count(UInt64(number)) }

    /// `1 call`, `2 calls`
    static func count(_ number: UInt64, _ noun: String) -> String {
        count(number) + " " + noun + (number == 1 ? "" : "s")
    }

    /// `812 bytes`, `3.1 KiB`, `64.0 MiB`
    static func bytes(_ count: UInt64) -> String {
        if count < 1024 { return self.count(count, "byte") }
        var value = Double(count) / 1024
        for unit in ["KiB", "MiB", "GiB"] {
            if value < 1024 { return tenths(value) + " " + unit }
            value /= 1024
        }
        return tenths(value) + " TiB"
    }

    /// `12.3`
    static func tenths(_ value: Double) -> String {
        guard value.magnitude < 1e15 else { return "\(value)" }
        let tenths = Int64((value.magnitude * 10).rounded())
        return (value < 0 ? "-" : "") + "\(tenths / 10).\(tenths % 10)"
    }

    /// `0.4 s`, `12 s`, `3 min 20 s`, `1 h 27 min`
    static func duration(seconds: Double) -> String {
        guard seconds.isFinite, seconds >= 0, seconds < 1e12 else { return "an unknown time" }
        if seconds < 10 { return tenths(seconds) + " s" }
        let whole = Int64(seconds.rounded())
        if whole < 60 { return "\(whole) s" }
        if whole < 3600 { return "\(whole / 60) min \(whole % 60) s" }
        return "\(whole / 3600) h \(whole % 3600 / 60) min"
    }

    /// `2025-06-01T18:00:00.123456789Z`: UTC nanoseconds since 1970, every digit.
    static func instant(_ time: Int64) -> String {
        let (seconds, rest) = split(time)
        let fraction = String(rest)
        let padding = String(repeating: "0", count: 9 - fraction.utf8.count)
        return civil(seconds, separator: "T") + "." + padding + fraction + "Z"
    }

    /// `2025-06-01 20:00:00`: local time of the server.
    static func localTime(_ time: Int64, utcOffset: Int32) -> String {
        civil(split(time).seconds &+ Int64(utcOffset), separator: " ")
    }

    private static func split(_ time: Int64) -> (seconds: Int64, nanoseconds: Int64) {
        let billion: Int64 = 1_000_000_000
        let rest = (time % billion + billion) % billion
        return (time / billion - (time % billion < 0 ? 1 : 0), rest)
    }

    private static func civil(_ seconds: Int64, separator: String) -> String {
        let time = CivilTime(secondsSince1970: seconds)
        func two(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }
        return "\(time.year)-\(two(time.month))-\(two(time.day))" + separator
            + "\(two(time.hour)):\(two(time.minute)):\(two(time.second))"
    }
}
