// --from and --to: a sequence number, or a time in UTC.

/// A place in a log.
enum Position: Equatable {
    case sequence(UInt64)
    /// UTC nanoseconds since 1970.
    case time(Int64)

    /// `1234`, or `2025-06-01T18:00:00[.123][Z]` (a blank may stand for the `T`; hours and less may
    /// be missing).
    init?(argument: String) {
        if let sequence = UInt64(argument) {
            self = .sequence(sequence)
        } else if let time = Self.time(Array(argument.utf8)[...]) {
            self = .time(time)
        } else {
            return nil
        }
    }

    private static func time(_ text: ArraySlice<UInt8>) -> Int64? {
        var text = text
        if text.last == UInt8(ascii: "Z") { text.removeLast() }
        let separator = text.contains(UInt8(ascii: "T")) ? UInt8(ascii: "T") : UInt8(ascii: " ")
        let halves = text.split(separator: separator, omittingEmptySubsequences: false)
        guard halves.count <= 2, let day = halves.first.flatMap({ daysSince1970($0) }) else {
            return nil
        }
        var nanoseconds: Int64 = 0
        if halves.count == 2 {
            guard let time = timeOfDay(halves[1]) else { return nil }
            nanoseconds = time
        }
        let (days, overflow) = day.multipliedReportingOverflow(by: 86_400_000_000_000)
        return overflow ? nil : days + nanoseconds
    }

    /// Digits alone, at most ten of them.
    private static func number(_ text: ArraySlice<UInt8>) -> Int64? {
        guard (1...10).contains(text.count) else { return nil }
        var number: Int64 = 0
        for byte in text {
            guard byte >= UInt8(ascii: "0"), byte <= UInt8(ascii: "9") else { return nil }
            number = number * 10 + Int64(byte - UInt8(ascii: "0"))
        }
        return number
    }

    private static func daysSince1970(_ text: ArraySlice<UInt8>) -> Int64? {
        let parts = text.split(separator: UInt8(ascii: "-"), omittingEmptySubsequences: false)
        guard parts.count == 3, parts[0].count == 4, let year = number(parts[0]),
            let month = number(parts[1]), let day = number(parts[2]), (1970...2200).contains(year),
            (1...12).contains(month), (1...31).contains(day)
        else { return nil }
        // Years that begin in March put the leap day last.
        let shifted = month > 2 ? year : year - 1
        let monthFromMarch = (month + 9) % 12
        let days = 365 * shifted + shifted / 4 - shifted / 100 + shifted / 400
        return days + (153 * monthFromMarch + 2) / 5 + day - 1 - 719_468
    }

    private static func timeOfDay(_ text: ArraySlice<UInt8>) -> Int64? {
        let parts = text.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false)
        guard (1...3).contains(parts.count), let hour = number(parts[0]), (0..<24).contains(hour)
        else { return nil }
        var seconds = hour * 3600
        if parts.count > 1 {
            guard let minute = number(parts[1]), (0..<60).contains(minute) else { return nil }
            seconds += minute * 60
        }
        guard parts.count > 2 else { return seconds * 1_000_000_000 }
        let pieces = parts[2].split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
        guard pieces.count <= 2, let second = number(pieces[0]), (0..<61).contains(second) else {
            return nil
        }
        var fraction: Int64 = 0
        if pieces.count == 2 {
            let digits = pieces[1].count
            guard (1...9).contains(digits), let number = number(pieces[1]) else { return nil }
            fraction = (digits..<9).reduce(number) { value, _ in value * 10 }
        }
        return (seconds + second) * 1_000_000_000 + fraction
    }
}
