// Invalid UTF-8 is mended, never a reason to fail: each bad byte becomes U+FFFD, as the Unicode
// standard recommends (one mark for each maximal part of a broken sequence).

extension Span where Element == UInt8 {
    /// How many bytes at the beginning are surely ASCII (up to seven more may be).
    var asciiPrefixCount: Int {
        let raw = unsafe bytes
        var index = 0
        while raw.byteCount - index >= 8 {
            // Eight bytes are left, and any eight bytes are a number.
            let word = unsafe raw.unsafeLoadUnaligned(fromByteOffset: index, as: UInt64.self)
            if word & 0x8080_8080_8080_8080 != 0 { break }
            index += 8
        }
        return index
    }
}

/// Checks and mends UTF-8.
public enum UTF8Text {

    /// Is all of it valid UTF-8?
    public static func isValid(_ bytes: Span<UInt8>) -> Bool {
        var index = bytes.asciiPrefixCount
        while index < bytes.count {
            if bytes[index] < 0x80 {
                index += 1
                continue
            }
            let scan = sequence(bytes, at: index)
            guard scan.isValid else { return false }
            index += scan.length
        }
        return true
    }

    /// Appends `bytes` to `target`, mended.
    public static func appendRepaired(_ bytes: Span<UInt8>, to target: inout [UInt8]) {
        var index = bytes.asciiPrefixCount
        target.append(contentsOf: bytes.extracting(0..<index))
        while index < bytes.count {
            let byte = bytes[index]
            if byte < 0x80 {
                target.append(byte)
                index += 1
                continue
            }
            let scan = sequence(bytes, at: index)
            if scan.isValid {
                for offset in 0..<scan.length { target.append(bytes[index + offset]) }
            } else {
                target.append(0xEF)
                target.append(0xBF)
                target.append(0xBD)
            }
            index += scan.length
        }
    }

    /// Appends one character. A surrogate or a number beyond U+10FFFF becomes U+FFFD.
    public static func append(scalar: UInt32, to target: inout [UInt8]) {
        let valid = Unicode.Scalar(scalar)?.value ?? 0xFFFD
        switch valid {
        case 0..<0x80:
            target.append(UInt8(truncatingIfNeeded: valid))
        case 0x80..<0x800:
            target.append(0xC0 | UInt8(truncatingIfNeeded: valid >> 6))
            target.append(continuation(valid))
        case 0x800..<0x10000:
            target.append(0xE0 | UInt8(truncatingIfNeeded: valid >> 12))
            target.append(continuation(valid >> 6))
            target.append(continuation(valid))
        default:
            target.append(0xF0 | UInt8(truncatingIfNeeded: valid >> 18))
            target.append(continuation(valid >> 12))
            target.append(continuation(valid >> 6))
            target.append(continuation(valid))
        }
    }

    private static func continuation(_ value: UInt32) -> UInt8 {
        0x80 | UInt8(truncatingIfNeeded: value & 0x3F)
    }

    /// The sequence that begins at `start` (`start` is within the bytes): its length when valid,
    /// else the length of the part that one U+FFFD stands for, at least 1.
    private static func sequence(
        _ bytes: Span<UInt8>, at start: Int
    ) -> (length: Int, isValid: Bool) {
        let lead = bytes[start]
        let wanted: Int
        var lowest: UInt8 = 0x80
        var highest: UInt8 = 0xBF
        switch lead {
        case 0x00...0x7F: return (1, true)
        case 0xC2...0xDF: wanted = 2
        case 0xE0: (wanted, lowest) = (3, 0xA0)
        case 0xED: (wanted, highest) = (3, 0x9F)
        case 0xE1...0xEF: wanted = 3
        case 0xF0: (wanted, lowest) = (4, 0x90)
        case 0xF4: (wanted, highest) = (4, 0x8F)
        case 0xF1...0xF3: wanted = 4
        default: return (1, false)
        }
        var length = 1
        while length < wanted {
            let index = start + length
            guard index < bytes.count, bytes[index] >= lowest, bytes[index] <= highest else {
                return (length, false)
            }
            (lowest, highest) = (0x80, 0xBF)
            length += 1
        }
        return (wanted, true)
    }
}
