// Many streams of small records at once, in little memory: what lies between the events, which come
// in the order of time, and the document, which wants them entity by entity.
//
// A stream is a list of chunks of at most 8 KiB; records never lie across two. The chunk that is
// being filled is in memory; full ones stay there until `residentBytes` are used up, later ones go
// to one temporary file, which is removed (or has no name any more) when the store goes away. At the
// end each stream is walked forward, chunk by chunk. Only the list of chunks stays in memory for
// good: 16 bytes for 8 KiB.

/// A store of record streams, numbered 0, 1, 2 …
struct SpillStore: ~Copyable {
    /// A full chunk is not larger than this, unless a single record is.
    static let chunkBytes = 8 * 1024 - 32

    private enum Place {
        /// Number in `resident`.
        case memory(Int)
        case file(offset: UInt64, byteCount: Int)
    }

    private struct Stream {
        var filling: [UInt8] = []
        var chunks: [Place] = []
    }

    private var streams: [Stream] = []
    private var resident: [[UInt8]] = []
    private var residentBytes = 0
    /// Bytes in chunks that are being filled.
    private var fillingBytes = 0
    private var file: TemporaryFile?
    private var fileBytes: UInt64 = 0
    private var pending = ByteBuffer(capacity: 16)
    private let folder: String
    private let residentLimit: Int
    private let fillingLimit: Int

    /// Keeps about `memoryBytes` in memory and the rest in a temporary file in `folder`.
    init(folder: String, memoryBytes: Int) {
        self.folder = folder
        residentLimit = memoryBytes / 2
        fillingLimit = memoryBytes - memoryBytes / 2
    }

    /// Bytes that went to the temporary file so far.
    var spilledBytes: UInt64 { fileBytes + UInt64(pending.count) }

    /// A new, empty stream.
    mutating func makeStream() -> Int {
        streams.append(Stream())
        return streams.count - 1
    }

    /// Empties a stream. Room it took in the file stays taken.
    mutating func empty(_ stream: Int) {
        fillingBytes -= streams[stream].filling.count
        streams[stream] = Stream()
    }

    /// Adds one whole record to a stream.
    mutating func append(_ record: borrowing ByteBuffer, to stream: Int) throws(ReplayError) {
        let present = streams[stream].filling.count
        if present > 0 && present + record.count > Self.chunkBytes { try close(stream) }
        makeRoom(for: record.count, in: stream)
        record.append(to: &streams[stream].filling)
        fillingBytes += record.count
        if fillingBytes > fillingLimit { try closeAll() }
    }

    /// How many chunks `read` can be asked for, the unfinished one included.
    func chunkCount(of stream: Int) -> Int {
        streams[stream].chunks.count + (streams[stream].filling.isEmpty ? 0 : 1)
    }

    /// Puts chunk `number` of a stream into `buffer`, which is cleared before.
    mutating func read(
        chunk number: Int, of stream: Int, into buffer: inout ByteBuffer
    ) throws(ReplayError) {
        guard number < streams[stream].chunks.count else {
            let chunk = streams[stream].filling
            buffer.clear()
            buffer.put(chunk.span)
            return
        }
        switch streams[stream].chunks[number] {
        case .memory(let index):
            let chunk = resident[index]
            buffer.clear()
            buffer.put(chunk.span)
        case .file(let offset, let byteCount):
            try writePending()
            try file?.read(into: &buffer, byteCount: byteCount, at: offset)
        }
    }

    /// Doubles the room of a small chunk, but not beyond the size of a full one (an array that grows
    /// by itself would keep up to twice that).
    private mutating func makeRoom(for extra: Int, in stream: Int) {
        let needed = streams[stream].filling.count + extra
        let capacity = streams[stream].filling.capacity
        if needed > capacity {
            streams[stream].filling.reserveCapacity(
                max(needed, min(max(256, capacity * 2), Self.chunkBytes)))
        }
    }

    // MARK: Full chunks

    /// So many small streams at once that their unfinished chunks are too much: all are closed early.
    private mutating func closeAll() throws(ReplayError) {
        for stream in streams.indices where !streams[stream].filling.isEmpty {
            try close(stream)
        }
    }

    private mutating func close(_ stream: Int) throws(ReplayError) {
        let byteCount = streams[stream].filling.count
        fillingBytes -= byteCount
        var chunk: [UInt8] = []
        swap(&chunk, &streams[stream].filling)
        if residentBytes + byteCount <= residentLimit {
            residentBytes += byteCount
            streams[stream].chunks.append(.memory(resident.count))
            resident.append(chunk)
            return
        }
        streams[stream].chunks.append(.file(offset: spilledBytes, byteCount: byteCount))
        pending.put(chunk.span)
        // Keeping the room for the next chunk is quicker; with thousands of streams it is too much.
        if streams.count < 4096 {
            chunk.removeAll(keepingCapacity: true)
            swap(&chunk, &streams[stream].filling)
        }
        if pending.count >= 1 << 20 { try writePending() }
    }

    private mutating func writePending() throws(ReplayError) {
        guard pending.count > 0 else { return }
        let target: TemporaryFile
        if let file {
            target = file
        } else {
            target = try TemporaryFile(folder: folder)
            target.dropName()
            file = target
        }
        fileBytes += try target.write(pending.bytes, at: fileBytes)
        pending.clear()
    }
}
