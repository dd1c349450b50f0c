// What a decoder reads calls from: a log's reader, an archive, a test's list.

/// Calls in the order of the log, which can be gone through again (the decoder makes two passes).
public protocol CallSource: ~Copyable {
    /// Hands over every call whose sequence number lies in `range`, in rising order. An error that
    /// `body` throws ends the pass and is thrown on. What is wrong with the log itself is not thrown:
    /// the source skips or ends there, and tells about it in ways of its own.
    mutating func forEachCall<Failure: Error>(
        in range: ClosedRange<UInt64>, _ body: (borrowing Call) throws(Failure) -> Void
    ) throws(Failure)
}
