// gzip's work, which is most of the work of a compressed replay: blocks of the document are
// compressed by a helper thread and, when it falls behind, by the writing thread, too. Results come
// out in order. Where no helper can be started the writing thread does it alone; the bytes are the
// same.

import CPlatform
import CZlib

/// One block on its way. Owned by the writing thread, but while it is `.taken` by whoever took it.
private final class Block {
    enum State {
        case free
        case queued
        case taken
        case done
        case failed
    }

    var state = State.free
    var input = ByteBuffer(capacity: 16)
    /// The bytes before it, at most 32 KiB.
    var dictionary = ByteBuffer(capacity: 16)
    var isLast = false
    var output = ByteBuffer(capacity: 16)
    var checksum: UInt32 = 0

    /// Compresses it. Returns whether that went well.
    func compress(with compressor: UnsafeMutableRawPointer) -> Bool {
        let room = Int(bb_deflate_bound(UInt64(input.count)))
        let isLast: Int32 = self.isLast ? 1 : 0
        var written: Int64 = 0
        unsafe input.withPointer { bytes, count in
            checksum = unsafe bb_crc32(0, bytes, UInt64(count))
            unsafe dictionary.withPointer { words, wordCount in
                unsafe output.fill(room) { target in
                    written = unsafe bb_deflate_block(
                        compressor, words, UInt64(wordCount), bytes, UInt64(count), target,
                        UInt64(room), isLast)
                    return Int(max(written, 0))
                }
            }
        }
        return written >= 0
    }
}

/// Compresses blocks on two threads. Used by one thread; its `deinit` waits for the helper.
///
/// What the `unsafe` below rests on: the helper gets this object's address and is joined before the
/// object goes away; a block's bytes are touched only by the thread that marked it `.taken` under the
/// mutex, or by the writing thread while it is `.free`, `.done` or `.failed`.
@safe
final class BlockCompressor {
    /// zlib's default, as the reference uses it.
    private static let level: Int32 = -1
    private static let dictionaryBytes = 32 * 1024

    private let blocks: [Block]
    /// Number of the next block to fill, and of the next one to hand out; `blocks` is a ring.
    private var filled = 0
    private var handedOut = 0
    private var isStopping = false

    private let mutex: UnsafeMutableRawPointer
    /// Rung for the helper when there is work, for the writer when a block is done.
    private let work: UnsafeMutableRawPointer
    private let done: UnsafeMutableRawPointer
    private var helper: UnsafeMutableRawPointer?
    private let ownCompressor: UnsafeMutableRawPointer
    private let helpersCompressor: UnsafeMutableRawPointer?

    /// nil when there is no memory for it.
    init?(hasHelper: Bool) {
        guard let mutex = unsafe bb_mutex_make(), let work = unsafe bb_bell_make(),
            let done = unsafe bb_bell_make(), let compressor = unsafe bb_deflate_make(Self.level)
        else { return nil }
        unsafe self.mutex = mutex
        unsafe self.work = work
        unsafe self.done = done
        unsafe ownCompressor = compressor
        unsafe helpersCompressor = hasHelper ? bb_deflate_make(Self.level) : nil
        var blocks: [Block] = []
        for _ in 0..<(hasHelper ? 8 : 1) { blocks.append(Block()) }
        self.blocks = blocks
        guard unsafe helpersCompressor != nil else { return }
        let address = unsafe Unmanaged.passUnretained(self).toOpaque()
        unsafe helper = bb_thread_start(
            { context in
                guard let context = unsafe context else { return }
                let compressor = unsafe Unmanaged<BlockCompressor>.fromOpaque(context)
                unsafe compressor.takeUnretainedValue().help()
            }, address, "gzip")
    }

    deinit {
        if let helper = unsafe helper {
            unsafe bb_mutex_lock(mutex)
            isStopping = true
            unsafe bb_mutex_unlock(mutex)
            unsafe bb_bell_ring(work)
            unsafe bb_thread_join(helper)
        }
        unsafe bb_deflate_free(ownCompressor)
        unsafe bb_deflate_free(helpersCompressor)
        unsafe bb_bell_free(work)
        unsafe bb_bell_free(done)
        unsafe bb_mutex_free(mutex)
    }

    /// There is no room for another block before one is handed out.
    var isFull: Bool { filled - handedOut == blocks.count }

    /// Blocks are under way.
    var isEmpty: Bool { filled == handedOut }

    /// Takes a block, which follows on the one before. Not when `isFull`.
    func add(_ bytes: Span<UInt8>, isLast: Bool) {
        let block = blocks[filled % blocks.count]
        block.dictionary.clear()
        if filled > 0 {
            // The ring has at least one block, and the one before may be this one.
            let before = blocks[(filled - 1) % blocks.count]
            let count = before.input.count
            block.dictionary.put(
                max(0, count - Self.dictionaryBytes)..<count, of: before.input)
        }
        block.input.clear()
        block.input.put(bytes)
        block.isLast = isLast
        unsafe bb_mutex_lock(mutex)
        block.state = .queued
        filled += 1
        unsafe bb_mutex_unlock(mutex)
        unsafe bb_bell_ring(work)
    }

    /// Waits for the oldest block, helping meanwhile, and hands over its compressed bytes, its CRC-32
    /// and its length before. False when zlib failed. Not when `isEmpty`.
    func next<Failure: Error>(
        _ body: (borrowing ByteBuffer, UInt32, Int) throws(Failure) -> Void
    ) throws(Failure) -> Bool {
        let block = blocks[handedOut % blocks.count]
        while true {
            unsafe bb_mutex_lock(mutex)
            let state = block.state
            unsafe bb_mutex_unlock(mutex)
            if state == .failed { return false }
            if state == .done { break }
            if !(unsafe takeOne(with: ownCompressor)) { _ = unsafe bb_bell_wait(done, 100_000_000) }
        }
        try body(block.output, block.checksum, block.input.count)
        unsafe bb_mutex_lock(mutex)
        block.state = .free
        handedOut += 1
        unsafe bb_mutex_unlock(mutex)
        return true
    }

    /// The helper's life.
    private func help() {
        guard let compressor = unsafe helpersCompressor else { return }
        while true {
            if unsafe takeOne(with: compressor) {
                unsafe bb_bell_ring(done)
                continue
            }
            unsafe bb_mutex_lock(mutex)
            let isStopping = self.isStopping
            unsafe bb_mutex_unlock(mutex)
            if isStopping { return }
            _ = unsafe bb_bell_wait(work, 1_000_000_000)
        }
    }

    /// Compresses the oldest block that nobody has taken yet. False when there is none.
    private func takeOne(with compressor: UnsafeMutableRawPointer) -> Bool {
        unsafe bb_mutex_lock(mutex)
        var taken: Block?
        var number = handedOut
        while number < filled && taken == nil {
            let block = blocks[number % blocks.count]
            if block.state == .queued {
                block.state = .taken
                taken = block
            }
            number += 1
        }
        unsafe bb_mutex_unlock(mutex)
        guard let taken else { return false }
        let isGood = unsafe taken.compress(with: compressor)
        unsafe bb_mutex_lock(mutex)
        taken.state = isGood ? .done : .failed
        unsafe bb_mutex_unlock(mutex)
        return true
    }
}
