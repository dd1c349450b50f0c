// Times as SQLite's date functions and the older databases have them.

/// `YYYY-MM-DD hh:mm:ss.ffffff+00:00`, the fraction without trailing zeros (and without a point when
/// it is nothing): microseconds, which is what PostgreSQL holds.
struct TimeText {
    private(set) var bytes: [UInt8] = []
    /// The second that the first 19 bytes stand for.
    private var second = Int64.min

    mutating func format(_ nanoseconds: Int64) {
        let (quotient, remainder) = nanoseconds.quotientAndRemainder(dividingBy: 1_000_000_000)
        let seconds = remainder < 0 ? quotient - 1 : quotient
        var fraction = (remainder < 0 ? remainder + 1_000_000_000 : remainder) / 1000
        if seconds != second {
            formatSecond(seconds)
            second = seconds
        } else {
            bytes.removeLast(bytes.count - 19)
        }
        if fraction > 0 {
            bytes.append(UInt8(ascii: "."))
            var unit: Int64 = 100_000
            while fraction > 0 {
                bytes.append(UInt8(ascii: "0") + UInt8(fraction / unit))
                fraction %= unit
                unit /= 10
            }
        }
        bytes.append(contentsOf: Self.utc)
    }

    /// A time as a string, for the odd row that is not written by the thousand.
    static func string(_ nanoseconds: Int64) -> String {
        var text = TimeText()
        text.format(nanoseconds)
        return String(decoding: text.bytes, as: UTF8.self)
    }

    private static let utc = Array("+00:00".utf8)

    private mutating func formatSecond(_ seconds: Int64) {
        bytes.removeAll(keepingCapacity: true)
        let (quotient, remainder) = seconds.quotientAndRemainder(dividingBy: 86_400)
        let days = remainder < 0 ? quotient - 1 : quotient
        let time = remainder < 0 ? remainder + 86_400 : remainder
        let (year, month, day) = Self.date(days)
        append(year, digits: 4)
        bytes.append(UInt8(ascii: "-"))
        append(month, digits: 2)
        bytes.append(UInt8(ascii: "-"))
        append(day, digits: 2)
        bytes.append(UInt8(ascii: " "))
        append(time / 3600, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        append(time / 60 % 60, digits: 2)
        bytes.append(UInt8(ascii: ":"))
        append(time % 60, digits: 2)
    }

    private mutating func append(_ value: Int64, digits: Int) {
        var unit: Int64 = digits == 4 ? 1000 : 10
        while unit > 0 {
            bytes.append(UInt8(ascii: "0") + UInt8(value / unit % 10))
            unit /= 10
        }
    }

    /// The Gregorian date of a day since 1970-01-01. Years are counted from March on, so that the leap
    /// day is a year's last, in cycles of 400 years, which have 146,097 days each.
    static func date(_ days: Int64) -> (year: Int64, month: Int64, day: Int64) {
        let shifted = days + 719_468
        let cycle = (shifted >= 0 ? shifted : shifted - 146_096) / 146_097
        let dayOfCycle = shifted - cycle * 146_097
        let yearOfCycle =
            (dayOfCycle - dayOfCycle / 1460 + dayOfCycle / 36_524 - dayOfCycle / 146_096) / 365
        let dayOfYear = dayOfCycle - (365 * yearOfCycle + yearOfCycle / 4 - yearOfCycle / 100)
        let shiftedMonth = (5 * dayOfYear + 2) / 153
        let day = dayOfYear - (153 * shiftedMonth + 2) / 5 + 1
        let month = shiftedMonth < 10 ? shiftedMonth + 3 : shiftedMonth - 9
        return (yearOfCycle + cycle * 400 + (month <= 2 ? 1 : 0), month, day)
    }
}
