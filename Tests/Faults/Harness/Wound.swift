// The generic part: a file, the ways to damage it, and loops over them. A format adds a line: its
// file and a judge that says what a damaged one must give.

import CPlatform
import Segments

/// One way to damage a file.
public struct Wound {
    /// Cut to that many bytes.
    public var cut: Int?
    /// Bytes put over what stands there.
    public var patches: [(offset: Int, bytes: [UInt8])] = []

    /// Cut at `length`.
    public static func cut(_ length: Int) -> Wound { Wound(cut: length) }

    /// One bit turned over.
    public static func flip(_ original: [UInt8], bit: Int) -> Wound {
        Wound(patches: [(bit / 8, [original[bit / 8] ^ (1 << UInt8(bit % 8))])])
    }

    /// Bytes put over.
    public static func patch(_ offset: Int, _ bytes: [UInt8]) -> Wound {
        Wound(patches: [(offset, bytes)])
    }

    /// Whether any byte of `[from, to)` is not as it was.
    public func touches(_ from: Int, _ to: Int, of original: [UInt8]) -> Bool {
        if let cut, to > cut { return true }
        for patch in patches where patch.offset < to && patch.offset + patch.bytes.count > from {
            for step in max(from, patch.offset)..<min(to, patch.offset + patch.bytes.count)
            where original[step] != patch.bytes[step - patch.offset] {
                return true
            }
        }
        return false
    }

    /// First byte that is not as it was, nil when all are.
    public func first(of original: [UInt8]) -> Int? {
        var first = cut.flatMap { $0 < original.count ? $0 : nil }
        for patch in patches {
            for (step, byte) in patch.bytes.enumerated() where original[patch.offset + step] != byte
            {
                first = min(first ?? Int.max, patch.offset + step)
                break
            }
        }
        return first
    }

    /// The damaged bytes.
    public func applied(to original: [UInt8]) -> [UInt8] {
        var bytes = original
        for patch in patches {
            for (step, byte) in patch.bytes.enumerated() { bytes[patch.offset + step] = byte }
        }
        if let cut, cut < bytes.count { bytes.removeLast(bytes.count - cut) }
        return bytes
    }

    var text: String {
        (cut.map { "cut to \($0)" } ?? "")
            + patches.map { "\($0.bytes.count) bytes over \($0.offset)" }.joined(separator: ", ")
    }
}

/// A file that is damaged and healed again and again.
public final class Victim {
    /// Where it is.
    public let path: String
    /// Its bytes before.
    public let original: [UInt8]
    private let file: File

    /// The file at `path`.
    public init(_ path: String) throws {
        self.path = path
        original = try Disk.read(path)
        file = try File(path, 1 | 2)
    }

    /// Damages the file, has it judged, and heals it. The judge must leave it as it finds it.
    public func suffer(
        _ wound: Wound, _ trial: Trial, _ name: String, _ judge: (Wound) throws -> String?
    ) throws {
        for patch in wound.patches { try file.write(patch.bytes, at: patch.offset) }
        if let cut = wound.cut { _ = bb_file_set_size(file.handle, UInt64(cut)) }
        trial.guardAgainstHang()
        trial.check(try judge(wound), "\(name), \(wound.text), seed \(trial.seed)")
        if let cut = wound.cut {
            try file.write(Array(original[cut...]), at: cut)
        }
        for patch in wound.patches {
            try file.write(
                Array(original[patch.offset..<(patch.offset + patch.bytes.count)]),
                at: patch.offset)
        }
    }

    /// Truncation at every `step`-th byte of `range`, longest first.
    public func truncations(
        _ trial: Trial, _ name: String, range: Range<Int>, step: Int,
        _ judge: (Wound) throws -> String?
    ) throws {
        for length in stride(from: range.upperBound - 1, through: range.lowerBound, by: -step) {
            _ = bb_file_set_size(file.handle, UInt64(length))
            trial.guardAgainstHang()
            trial.check(try judge(.cut(length)), "\(name), cut to \(length)")
        }
        try file.write(original, at: 0)
    }

    /// Every `step`-th bit of `range` (bytes) turned over.
    public func flips(
        _ trial: Trial, _ name: String, range: Range<Int>, step: Int,
        _ judge: (Wound) throws -> String?
    ) throws {
        for bit in stride(from: range.lowerBound * 8, to: range.upperBound * 8, by: step) {
            try suffer(.flip(original, bit: bit), trial, "\(name), bit \(bit % 8)", judge)
        }
    }

    /// `count` overwrites of 2–16 random bytes anywhere in `range`.
    public func overwrites(
        _ trial: Trial, _ name: String, range: Range<Int>, count: Int,
        _ judge: (Wound) throws -> String?
    ) throws {
        for _ in 0..<count {
            let length = min(2 + trial.random.below(15), range.count)
            let at = range.lowerBound + trial.random.below(range.count - length + 1)
            try suffer(.patch(at, trial.random.bytes(length)), trial, name, judge)
        }
    }

    /// Any one and any two sectors of `size` bytes in `range` replaced by what `stale` holds there.
    public func sectors(
        _ trial: Trial, _ name: String, range: Range<Int>, size: Int, stale: [UInt8], step: Int,
        _ judge: (Wound) throws -> String?
    ) throws {
        let starts = Array(stride(from: range.lowerBound, to: range.upperBound, by: size))
        func patch(_ start: Int) -> (offset: Int, bytes: [UInt8]) {
            let end = min(start + size, range.upperBound)
            return (start, (start..<end).map { $0 < stale.count ? stale[$0] : 0 })
        }
        var number = 0
        for (index, first) in starts.enumerated() {
            try suffer(Wound(patches: [patch(first)]), trial, name, judge)
            for second in starts[(index + 1)...] {
                number += 1
                guard number % step == 0 else { continue }
                try suffer(Wound(patches: [patch(first), patch(second)]), trial, name, judge)
            }
        }
    }
}
