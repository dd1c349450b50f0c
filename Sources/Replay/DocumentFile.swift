// A document on its way to the disk: bytes come in order, plain or gzip go out, into a temporary
// file.
//
// The gzip form is one member without name and time stamp. It is cut into blocks of 256 KiB of input,
// each compressed by itself with the 32 KiB before it as its dictionary, so that several processors
// can work on it; the cuts stand at fixed places, so the bytes don't depend on how many there are.

import CZlib

/// Takes the document's bytes and writes them out.
final class DocumentFile {
    static let blockBytes = 256 * 1024

    let file: TemporaryFile
    /// nil for a plain file.
    private let compressor: BlockCompressor?
    private var checksum: UInt32 = 0
    /// Bytes of the document so far.
    private(set) var documentBytes: UInt64 = 0
    /// Bytes in the file so far.
    private(set) var fileBytes: UInt64 = 0

    init(folder: String, compress: Bool, hasHelper: Bool) throws(ReplayError) {
        file = try TemporaryFile(folder: folder)
        compressor = compress ? BlockCompressor(hasHelper: hasHelper) : nil
        guard compress else { return }
        if compressor == nil { throw .compression(path: file.path) }
        // Deflate, no flags, no time, no extra flags, system unknown.
        var header = ByteBuffer(capacity: 16)
        for byte: UInt8 in [0x1F, 0x8B, 8, 0, 0, 0, 0, 0, 0, 255] { header.put(byte) }
        try append(header)
    }

    /// Takes whole blocks from the front of `window`, all of it when it is the `last` one.
    func write(_ window: inout [UInt8], last: Bool = false) throws(ReplayError) {
        guard let compressor else {
            documentBytes += UInt64(window.count)
            fileBytes += try file.write(window.span, at: fileBytes)
            window.removeAll(keepingCapacity: true)
            return
        }
        var offset = 0
        while window.count - offset >= Self.blockBytes || last {
            if compressor.isFull { try appendNext(compressor) }
            let end = min(offset + Self.blockBytes, window.count)
            let isLast = last && end == window.count
            compressor.add(window.span.extracting(offset..<end), isLast: isLast)
            offset = end
            if isLast { break }
        }
        window.removeSubrange(..<offset)
    }

    /// Ends the document: everything is in the file and durable.
    func finish() throws(ReplayError) {
        if let compressor {
            while !compressor.isEmpty { try appendNext(compressor) }
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

    private func appendNext(_ compressor: BlockCompressor) throws(ReplayError) {
        let isGood = try compressor.next { (packed, blockChecksum, count) throws(ReplayError) in
            try append(packed)
            checksum = bb_crc32_join(checksum, blockChecksum, UInt64(count))
            documentBytes += UInt64(count)
        }
        if !isGood { throw .compression(path: file.path) }
    }
}
