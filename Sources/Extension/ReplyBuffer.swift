// The text that goes back to the game: written straight into the engine's buffer, without allocation.
// docs/formats/plugin.md, "Replies".

import CPlatform

/// A writer into the engine's output buffer. Whatever is put, the buffer ends up terminated, and a
/// text that does not fit is cut between two characters.
///
/// Invariant: `start` is nil, or points at `limit + 1` writable bytes; `count <= limit`.
@safe
struct ReplyBuffer: ~Copyable {
    private let start: UnsafeMutablePointer<UInt8>?
    /// Bytes of text that fit in front of the terminator.
    private let limit: Int
    private var count = 0
    private var isCut = false
    /// What the array form returns to the game beside the text.
    var code: Int32 = 0

    /// `size` is the engine's `outSize`: all bytes of the buffer. Nothing is written to a nil buffer
    /// or one of 0 bytes.
    init(_ output: UnsafeMutablePointer<CChar>?, size: UInt32) {
        guard let output = unsafe output, size > 0 else {
            unsafe start = nil
            limit = 0
            return
        }
        unsafe start = UnsafeMutableRawPointer(output).assumingMemoryBound(to: UInt8.self)
        limit = Int(size) - 1
    }

    /// Bytes that can still be put.
    var room: Int { limit &- count }

    /// Appends `length` bytes at `bytes`, which are UTF-8.
    mutating func put(_ bytes: UnsafePointer<UInt8>, _ length: Int) {
        guard let start = unsafe start, !isCut else { return }
        let fitting = min(length, limit &- count)
        // As raw bytes: one call of memcpy, where `update(from:)` becomes a loop over bytes.
        unsafe UnsafeMutableRawPointer(start + count).copyMemory(from: bytes, byteCount: fitting)
        count &+= fitting
        isCut = fitting < length
    }

    mutating func put(_ text: StaticString) {
        unsafe put(text.utf8Start, text.utf8CodeUnitCount)
    }

    /// Appends a C text of ours, which is UTF-8.
    mutating func put(text: UnsafePointer<CChar>?) {
        guard let text = unsafe text else { return }
        let bytes = unsafe UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
        unsafe put(bytes, Int(bb_text_length(text)))
    }

    mutating func put(_ byte: UInt8) {
        guard let start = unsafe start, !isCut else { return }
        guard count < limit else {
            isCut = true
            return
        }
        unsafe start[count] = byte
        count &+= 1
    }

    /// Appends a text of the game inside a quoted string: each `"` is doubled, bytes that are not
    /// UTF-8 become U+FFFD. Stops as soon as the buffer is full, however long the text is.
    mutating func putQuoted(_ text: UnsafePointer<CChar>?) {
        guard let text = unsafe text else { return }
        let bytes = unsafe UnsafeRawPointer(text).assumingMemoryBound(to: UInt8.self)
        var offset = 0
        while unsafe bytes[offset] != 0, !isCut {
            let length = unsafe CharacterBytes.characterLength(bytes + offset)
            if length == 0 {
                put("\u{FFFD}")
                offset &+= 1
                continue
            }
            unsafe put(bytes + offset, length)
            if unsafe bytes[offset] == UInt8(ascii: "\"") { put(UInt8(ascii: "\"")) }
            offset &+= length
        }
    }

    /// Appends a number in decimal digits.
    mutating func put(number: UInt64) {
        var divisor: UInt64 = 1
        while number / divisor >= 10 { divisor &*= 10 }
        while divisor > 0 {
            put(UInt8(ascii: "0") &+ UInt8(truncatingIfNeeded: number / divisor % 10))
            divisor /= 10
        }
    }

    /// Terminates the text. Nothing may be put afterwards.
    mutating func finish() {
        guard let start = unsafe start else { return }
        if isCut { count = unsafe CharacterBytes.wholeCharacters(start, count) }
        unsafe start[count] = 0
    }
}

/// UTF-8 on the game's own bytes, one character at a time (`UTF8Text` works on spans of known length;
/// here a text ends with its NUL and must not be measured first, it may be a megabyte).
enum CharacterBytes {
    /// Bytes of the character at `bytes` (1–4), 0 when no valid one starts there. `bytes` ends with a
    /// NUL, which is never read past: a NUL is no continuation byte.
    static func characterLength(_ bytes: UnsafePointer<UInt8>) -> Int {
        let lead = unsafe bytes[0]
        if lead < 0x80 { return 1 }
        let length = expectedLength(lead)
        guard length > 1 else { return 0 }
        let second = unsafe bytes[1]
        // Second bytes that would make an overlong form, a surrogate, or a value above U+10FFFF.
        let lowest: UInt8 = lead == 0xE0 ? 0xA0 : lead == 0xF0 ? 0x90 : 0x80
        let highest: UInt8 = lead == 0xED ? 0x9F : lead == 0xF4 ? 0x8F : 0xBF
        guard second >= lowest, second <= highest else { return 0 }
        if length > 2 { guard unsafe bytes[2] & 0xC0 == 0x80 else { return 0 } }
        if length > 3 { guard unsafe bytes[3] & 0xC0 == 0x80 else { return 0 } }
        return length
    }

    /// The greatest number of bytes, up to `count`, that does not end within a character.
    static func wholeCharacters(_ bytes: UnsafePointer<UInt8>, _ count: Int) -> Int {
        var lead = count
        while lead > 0, count &- lead < 4 {
            lead &-= 1
            let byte = unsafe bytes[lead]
            if byte & 0xC0 == 0x80 { continue }
            return lead &+ max(1, expectedLength(byte)) > count ? lead : count
        }
        return count
    }

    private static func expectedLength(_ lead: UInt8) -> Int {
        switch lead {
        case 0x00...0x7F: 1
        case 0xC2...0xDF: 2
        case 0xE0...0xEF: 3
        case 0xF0...0xF4: 4
        default: 0
        }
    }
}
