// Dates without a calendar library: names of logs and recordings, lines of the log file.

/// A date and a time of day in the proleptic Gregorian calendar.
public struct CivilTime: Equatable, Sendable {
    /// Year, month 1–12, day 1–31.
    public var year: Int
    /// 1–12.
    public var month: Int
    /// 1–31.
    public var day: Int
    /// 0–23.
    public var hour: Int
    /// 0–59.
    public var minute: Int
    /// 0–59.
    public var second: Int

    /// The date of a count of seconds since 1970-01-01 00:00:00 in the same zone.
    public init(secondsSince1970 seconds: Int64) {
        let dayCount = Int(seconds.floorDivided(by: 86_400))
        let rest = Int(seconds - Int64(dayCount) * 86_400)
        hour = rest / 3600
        minute = rest / 60 % 60
        second = rest % 60
        // Years that begin in March, in eras of 400 years (146,097 days) from 0000-03-01 on.
        let shifted = dayCount + 719_468
        let era = Int(Int64(shifted).floorDivided(by: 146_097))
        let dayOfEra = shifted - era * 146_097
        let yearOfEra =
            (dayOfEra - dayOfEra / 1460 + dayOfEra / 36_524 - dayOfEra / 146_096) / 365
        let dayOfYear = dayOfEra - (365 * yearOfEra + yearOfEra / 4 - yearOfEra / 100)
        let marchMonth = (5 * dayOfYear + 2) / 153
        day = dayOfYear - (153 * marchMonth + 2) / 5 + 1
        month = marchMonth < 10 ? marchMonth + 3 : marchMonth - 9
        year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0)
    }

    /// `yyyymmdd` + separator + `hhmmss`, e.g. `20260308_192005`.
    public func compact(separator: String) -> String {
        Self.padded(year, 4) + Self.padded(month, 2) + Self.padded(day, 2) + separator
            + Self.padded(hour, 2) + Self.padded(minute, 2) + Self.padded(second, 2)
    }

    /// `yyyy-mm-ddThh:mm:ss` (without a zone).
    public var iso8601: String {
        Self.padded(year, 4) + "-" + Self.padded(month, 2) + "-" + Self.padded(day, 2) + "T"
            + Self.padded(hour, 2) + ":" + Self.padded(minute, 2) + ":" + Self.padded(second, 2)
    }

    private static func padded(_ value: Int, _ width: Int) -> String {
        var text = String(value)
        while text.utf8.count < width { text = "0" + text }
        return text
    }
}

extension Int64 {
    /// Quotient rounded toward negative infinity; `divisor` > 0.
    func floorDivided(by divisor: Int64) -> Int64 {
        let quotient = self / divisor
        return self % divisor < 0 ? quotient - 1 : quotient
    }
}
