// What waits to be sent to one peer: bounded in frames and bytes, gathered into pieces so that many
// small frames are one write.

import NIOCore

/// Frames on their way to one peer. One piece at a time is in the socket's hands; what is there counts
/// until the whole piece is written.
struct OutgoingQueue {
    /// Pieces are not filled beyond this (a longer frame is a piece of its own).
    private static let pieceBytes = 64 * 1024
    private static let leastBytes = 512

    private struct Piece {
        let buffer: ByteBuffer
        let frames: Int
    }

    /// Those that are full, the oldest first.
    private var full = CircularBuffer<Piece>(initialCapacity: 1)
    /// The one that is being filled. Not an element of `full`: there each frame would copy it.
    private var filling = ByteBuffer()
    private var fillingFrames = 0
    /// The room that the next piece probably needs, by those before.
    private var expectedBytes = leastBytes
    private let allocator: ByteBufferAllocator
    /// The piece that is being written.
    private var writing: (frames: Int, bytes: Int)?
    private(set) var frames = 0
    private(set) var bytes = 0

    init(_ allocator: ByteBufferAllocator) {
        self.allocator = allocator
    }

    var isEmpty: Bool { frames == 0 }

    /// There is as much as one write takes, and none is under way.
    var isWorthWriting: Bool { writing == nil && !full.isEmpty }

    /// Whether another frame of that size may be put in: so many frames and bytes may wait.
    func hasRoom(_ size: Int, limitFrames: Int, limitBytes: Int) -> Bool {
        // A frame larger than the whole queue may still go through an empty one.
        frames < limitFrames && (bytes + size <= limitBytes || frames == 0)
    }

    /// Puts a frame in: `write` appends its `size` bytes.
    mutating func append(_ size: Int, _ write: (inout ByteBuffer) -> Void) {
        if fillingFrames > 0, filling.readableBytes + size > Self.pieceBytes { putAside() }
        if fillingFrames == 0 {
            filling = allocator.buffer(capacity: max(size, expectedBytes))
        }
        write(&filling)
        fillingFrames += 1
        frames += 1
        bytes += size
    }

    private mutating func putAside() {
        full.append(Piece(buffer: filling, frames: fillingFrames))
        // The last piece of a turn is mostly a small one; the next turn begins with a large one again.
        let likely = max(filling.readableBytes, expectedBytes / 2)
        expectedBytes = min(Self.pieceBytes, max(Self.leastBytes, likely))
        filling = ByteBuffer()
        fillingFrames = 0
    }

    /// The next piece to write, nil when there is none or one is being written.
    mutating func startWriting() -> ByteBuffer? {
        guard writing == nil, frames > 0 else { return nil }
        if full.isEmpty { putAside() }
        guard let piece = full.popFirst() else { return nil }
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
