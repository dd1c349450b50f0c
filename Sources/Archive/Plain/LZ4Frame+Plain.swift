// In the place of Packing, where there is no liblz4: the program for Windows.

extension LZ4Frame {
    static let roomBytes = 0

    /// Decodes one complete frame of exactly `count` content bytes into `content`, which must have room
    /// for them. Nil when all is well, else what is wrong.
    static func decompress(
        _ frame: UnsafeRawBufferPointer, into content: UnsafeMutablePointer<UInt8>, count: Int
    ) -> String? {
        var target = unsafe MutableSpan(_unsafeStart: content, count: count)
        do throws(GroupError) {
            try unsafe LZ4Decoder.decode(Span(_unsafeBytes: frame), into: &target)
            return nil
        } catch {
            return error.reason
        }
    }
}
