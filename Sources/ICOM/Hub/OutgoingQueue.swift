// What waits to be sent to one peer: bounded in frames and bytes, gathered into pieces so that many
// small frames are one write.

import NIOCore

/// Frames on their way to one peer. One piece at a time is in the socket's hands; what is there counts
/// until the whole piece is written.
struct OutgoingQueue {
    /// Pieces are not filled beyond this (a longer frame is a piece of its own).
    private static let pieceBytes = 64 * 1024
    private static let firstBytes = 512

    private struct Piece {
        var buffer: ByteBuffer
        var frames = 0
    }

    private var pieces = CircularBuffer<Piece>(initialCapacity: 1)
    private var allocator: ByteBufferAllocator
    /// The piece that is being written.
    private var writing: (frames: Int, bytes: Int)?
    private(set) var frames = 0
    private(set) var bytes = 0

    init(_ allocator: ByteBufferAllocator) {
        self.allocator = allocator
    }

    var isWriting: Bool { writing != nil }
    var isEmpty: Bool { frames == 0 }

    /// Whether another frame of that size may be put in.
    func hasRoom(_ size: Int, _ rules: HubRules) -> Bool {
        // A frame larger than the whole queue may still go through an empty one.
        frames < rules.queueFrames && (bytes + size <= rules.queueBytes || frames == 0)
    }

    /// Puts a frame in; `parts` are its bytes.
    mutating func append(_ parts: [UInt8]...) {
        var size = 0
        for part in parts { size += part.count }
        if (pieces.last?.buffer.readableBytes ?? Self.pieceBytes) + size > Self.pieceBytes {
            let capacity = pieces.isEmpty ? Self.firstBytes : Self.pieceBytes / 4
            pieces.append(Piece(buffer: allocator.buffer(capacity: max(size, capacity))))
        }
        let last = pieces.count - 1
        for part in parts { pieces[offset: last].buffer.writeBytes(part) }
        pieces[offset: last].frames += 1
        frames += 1
        bytes += size
    }

    /// The next piece to write, nil when there is none or one is being written.
    mutating func startWriting() -> ByteBuffer? {
        guard writing == nil, let piece = pieces.popFirst() else { return nil }
        writing = (piece.frames, piece.buffer.readableBytes)
        return piece.buffer
    }

    /// The piece is written.
    mutating func finishWriting() {
        guard let writing else { return }
        frames -= writing.frames
        bytes -= writing.bytes
        self.writing = nil
    }
}
