// A stream of bytes → lines. Frames come in any pieces: a byte at a time, a hundred in one packet.

import Values

/// Puts lines together that arrive in pieces.
public struct LineAssembler: Sendable {
    /// Longer lines are skipped and told.
    public var limitBytes: Int
    /// The beginning of a line whose end has not come.
    private var partial: [UInt8] = []
    /// The rest of a line that is too long is on its way.
    private var isSkipping = false
    /// What is kept allocated between lines.
    private static let keptCapacity = 4_096

    /// Lines may have so many bytes, without their end.
    public init(limitBytes: Int) {
        self.limitBytes = limitBytes
    }

    /// Bytes of the unfinished line.
    public var partialCount: Int { partial.count }

    /// Takes what came. `line` gets each whole line without white space at its ends (an empty one is
    /// left out), or nil for one that is too long; when it answers false the rest is thrown away.
    public mutating func feed(_ bytes: Span<UInt8>, line: (Span<UInt8>?) -> Bool) {
        var start = 0
        while start < bytes.count {
            let end = bytes.firstIndex(of: 0x0A, from: start) ?? bytes.count
            let piece = bytes.extracting(start..<end)
            let isWhole = end < bytes.count
            start = end + 1
            if isSkipping {
                isSkipping = !isWhole
                continue
            }
            guard partial.count + piece.count <= limitBytes else {
                partial = []
                isSkipping = !isWhole
                if !line(nil) { return }
                continue
            }
            guard isWhole else {
                partial.append(contentsOf: piece)
                return
            }
            if partial.isEmpty {
                if !give(piece, line) { return }
            } else {
                partial.append(contentsOf: piece)
                let goesOn = give(partial.span, line)
                partial.removeAll(keepingCapacity: partial.count <= Self.keptCapacity)
                if !goesOn { return }
            }
        }
    }

    /// The stream has ended: a last line without its end counts as one.
    public mutating func finish(line: (Span<UInt8>?) -> Bool) {
        let last = partial
        partial = []
        if !isSkipping { _ = give(last.span, line) }
    }

    private func give(_ piece: Span<UInt8>, _ line: (Span<UInt8>?) -> Bool) -> Bool {
        var start = 0
        var end = piece.count
        while start < end, Self.isSpace(piece[start]) { start += 1 }
        while end > start, Self.isSpace(piece[end - 1]) { end -= 1 }
        if start == end { return true }
        return line(piece.extracting(start..<end))
    }

    private static func isSpace(_ byte: UInt8) -> Bool {
        byte == 0x20 || (byte >= 0x09 && byte <= 0x0D)
    }
}
