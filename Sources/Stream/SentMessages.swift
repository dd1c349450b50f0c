// Messages that the server may not have yet. They are kept until it has answered, so that a connection that
// breaks costs no more than sending them again: the log is not read twice.

/// What was made of a log and is not known to have arrived. Batches are numbered 1, 2, 3 …
struct SentMessages: Sendable {
    private struct Batch {
        let number: UInt64
        /// Everything up to this record of the log is in this batch and those before it.
        let reached: UInt64
        var messages: ArraySlice<StreamMessage>
        let byteCount: Int
    }

    /// With so many bytes under way the server's answers are waited for.
    private static let mostBytes = 16 << 20

    /// `start_mission` of the mission under way, once the server has acknowledged it: every further connection
    /// begins with it.
    private(set) var start: StreamMessage?
    /// Number of the newest batch; 0 before there is one.
    private(set) var newest: UInt64 = 0
    private var batches: [Batch] = []
    private var byteCount = 0

    var isEmpty: Bool { batches.isEmpty }
    var isFull: Bool { byteCount >= Self.mostBytes }

    /// All of them, in order.
    var messages: [StreamMessage] { batches.flatMap(\.messages) }

    mutating func add(_ messages: [StreamMessage], reached: UInt64) {
        newest += 1
        let bytes = messages.reduce(0) { $0 + $1.text.count }
        byteCount += bytes
        batches.append(
            Batch(number: newest, reached: reached, messages: messages[...], byteCount: bytes))
    }

    /// The server has every batch up to this one.
    ///
    /// - Returns: the record of the log up to which it has everything; nil when nothing is new.
    mutating func settle(through number: UInt64) -> UInt64? {
        var reached: UInt64?
        while let first = batches.first, first.number <= number { reached = removeFirst(first) }
        return reached
    }

    /// A mission begins; nil: its `start_mission` is about to be sent.
    mutating func begin(_ start: StreamMessage?) { self.start = start }

    /// The server has acknowledged the end of the mission under way, and so has all before it.
    mutating func endMission() {
        start = nil
        while let first = batches.first {
            let end = first.messages.firstIndex { $0.kind == .end }
            if let end, end + 1 < first.messages.endIndex {
                // What the next mission begins with.
                batches[0].messages = first.messages[(end + 1)...]
                return
            }
            _ = removeFirst(first)
            if end != nil { return }
        }
    }

    private mutating func removeFirst(_ first: Batch) -> UInt64 {
        byteCount -= first.byteCount
        batches.removeFirst()
        return first.reached
    }
}
