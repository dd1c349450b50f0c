// A document on its way to the disk: bytes come in order, plain or gzip go out, into a temporary
// file.
//
// The gzip form is one member without name and time stamp. It is cut into blocks of 256 KiB of input,
// each compressed by itself with the 32 KiB before it as its dictionary, so that several processors
// can work on it; the cuts stand at fixed places, so the bytes don't depend on how many there are.

import CPlatform
import CZlib

/// Takes the document's bytes and writes them out.
@safe
final class DocumentFile {
    static let blockBytes = 256 * 1024
    private static let dictionaryBytes = 32 * 1024
    /// zlib's default, as the reference uses it.
    private static let level: Int32 = -1

    let file: TemporaryFile
    private let compressor: UnsafeMutableRawPointer?
    private var dictionary = ByteBuffer(capacity: 16)
    private var packed = ByteBuffer(capacity: 16)
    private var checksum: UInt32 = 0
    /// Bytes of the document so far.
    private(set) var documentBytes: UInt64 = 0
    /// Bytes in the file so far.
    private(set) var fileBytes: UInt64 = 0

    init(folder: String, compress: Bool) throws(ReplayError) {
        file = try TemporaryFile(folder: folder)
        guard compress else {
            unsafe compressor = nil
            return
        }
        unsafe compressor = bb_deflate_make(Self.level)
        if unsafe compressor == nil { throw .compression(path: file.path) }
        // Deflate, no flags, no time, no extra flags, system unknown.
        var header = ByteBuffer(capacity: 16)
        for byte: UInt8 in [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] { header.put(byte) }
        try append(header)
    }

    deinit { unsafe bb_deflate_free(compressor) }

    /// Takes whole blocks from the front of `window`, all of it when it is the `last` one.
    func write(_ window: inout [UInt8], last: Bool = false) throws(ReplayError) {
        guard unsafe compressor != nil else {
            documentBytes += UInt64(window.count)
            fileBytes += try file.write(window.span, at: fileBytes)
            window.removeAll(keepingCapacity: true)
            return
        }
        var offset = 0
        while window.count - offset >= Self.blockBytes || last {
            let end = min(offset + Self.blockBytes, window.count)
            let isLast = last && end == window.count
            try compress(window.span.extracting(offset..<end), isLast: isLast)
            offset = end
            if isLast { break }
        }
        window.removeSubrange(..<offset)
    }

    /// Ends the document: everything is in the file and durable.
    func finish() throws(ReplayError) {
        if unsafe compressor != nil {
            var trailer = ByteBuffer(capacity: 16)
            trailer.put(number: checksum)
            trailer.put(number: UInt32(truncatingIfNeeded: documentBytes))
            try append(trailer)
        }
        try file.sync()
    }

    private func append(_ bytes: borrowing ByteBuffer) throws(ReplayError) {
        fileBytes += try file.write(bytes.bytes, at: fileBytes)
    }

    private func compress(_ block: Span<UInt8>, isLast: Bool) throws(ReplayError) {
        let room = Int(bb_deflate_bound(UInt64(block.count)))
        var written: Int64 = 0
        let compressor = unsafe self.compressor
        unsafe block.withUnsafeBufferPointer { input in
            checksum = unsafe bb_crc32(checksum, input.baseAddress, UInt64(input.count))
            unsafe dictionary.withPointer { words, wordCount in
                unsafe packed.fill(room) { output in
                    written = unsafe bb_deflate_block(
                        compressor, words, UInt64(wordCount), input.baseAddress,
                        UInt64(input.count), output, UInt64(room), isLast ? 1 : 0)
                    return Int(max(written, 0))
                }
            }
        }
        if written < 0 { throw .compression(path: file.path) }
        documentBytes += UInt64(block.count)
        try append(packed)
        dictionary.clear()
        dictionary.put(
            block.extracting(max(0, block.count - Self.dictionaryBytes)..<block.count))
    }
}
