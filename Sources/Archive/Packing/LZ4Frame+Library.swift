// A thin skin over liblz4: groups into frames, and back.

import CLZ4

extension LZ4Frame {
    /// The default: what the design measured; level 12 gives 2 % less at a third of the speed.
    static let level: Int32 = 9

    /// `content` as one complete frame with block and content checksums and the content's size.
    static func compressed(_ content: [UInt8], level: Int32 = level) -> [UInt8]? {
        var preferences = LZ4F_preferences_t()
        preferences.frameInfo.blockSizeID = LZ4F_max4MB
        preferences.frameInfo.blockMode = LZ4F_blockIndependent
        preferences.frameInfo.contentChecksumFlag = LZ4F_contentChecksumEnabled
        preferences.frameInfo.blockChecksumFlag = LZ4F_blockChecksumEnabled
        preferences.frameInfo.contentSize = UInt64(content.count)
        preferences.compressionLevel = level
        let bound = unsafe LZ4F_compressFrameBound(content.count, &preferences)
        var failed = false
        let frame = unsafe [UInt8](unsafeUninitializedCapacity: bound) { buffer, count in
            let written = unsafe content.withUnsafeBytes { bytes in
                unsafe LZ4F_compressFrame(
                    buffer.baseAddress, bound, bytes.baseAddress, bytes.count, &preferences)
            }
            failed = LZ4F_isError(written) != 0
            count = failed ? 0 : written
        }
        return failed ? nil : frame
    }

    /// Room behind the content with which liblz4 decodes in place: a whole block's, whatever is left of
    /// the content. Without it each block goes through memory of its own, newly had for each frame.
    static let roomBytes = 4 << 20

    /// Decodes one complete frame of exactly `count` content bytes into `content`, which must have
    /// room for them and for `roomBytes` more. Nil when all is well, else what is wrong.
    static func decompress(
        _ frame: UnsafeRawBufferPointer, into content: UnsafeMutablePointer<UInt8>, count: Int
    ) -> String? {
        var context: OpaquePointer?
        guard
            unsafe LZ4F_isError(LZ4F_createDecompressionContext(&context, UInt32(LZ4F_VERSION)))
                == 0
        else { return "no memory for the decoder" }
        defer { unsafe _ = LZ4F_freeDecompressionContext(context) }
        var consumed = 0
        var produced = 0
        // One call decodes as much as it can; it stops early only at the frame's end, at a full
        // target, or on an error.
        while true {
            var sourceBytes = frame.count - consumed
            var targetBytes = count + roomBytes - produced
            guard let source = frame.baseAddress else { return "empty frame" }
            let hint = unsafe LZ4F_decompress(
                context, content + produced, &targetBytes, source + consumed, &sourceBytes, nil)
            if LZ4F_isError(hint) != 0 {
                return unsafe String(cString: LZ4F_getErrorName(hint))
            }
            consumed += sourceBytes
            produced += targetBytes
            if hint == 0 {
                guard consumed == frame.count else { return "bytes behind the frame's end" }
                return produced == count ? nil : "\(produced) bytes of text instead of \(count)"
            }
            if sourceBytes == 0 && targetBytes == 0 {
                return consumed == frame.count
                    ? "the frame is cut short" : "more text than announced"
            }
        }
    }
}
