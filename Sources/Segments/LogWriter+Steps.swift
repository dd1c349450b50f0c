// The background work of a writer in single steps, for a caller without the threads: the power-cut
// model goes through a log's life step by step and looks at the files in between.

extension LogWriter {
    /// One round of the preparer. False when the system refused a segment.
    package func stepPreparer() -> Bool { keepReady(2) }

    /// One tick of the keeper.
    package func stepKeeper() { tick() }

    /// Seals the next full segment; `next` is its number and goes up. False when none is due.
    package func stepSealer(_ next: inout UInt32) -> Bool { sealNext(&next) }
}
