// The server's side of a log on its way into databases: its own events, the gate's decisions, admin
// commands. Written a log at a time, since a server has a history without any mission, too.

import Archive
import Compactor
import Mission
import Segments
import Values
import WAL

/// Passes a log's calls on, and sees whether the server's own side is among the records; the verdict on the
/// segments comes with them.
struct ServerSideProbe: ~Copyable, CallSource {
    private var source: LogSource
    private(set) var found = false
    private(set) var report: LogReport?

    init(_ source: consuming LogSource) { self.source = source }

    consuming func release() -> LogSource { source }

    mutating func forEachCall<Failure: Error>(
        in range: ClosedRange<UInt64>, _ body: (borrowing Call) throws(Failure) -> Void
    ) throws(Failure) {
        var isThere = found
        defer { found = isThere }
        report = try source.checkRecords { (call: borrowing Call) throws(Failure) in
            guard range.contains(call.sequence) else { return }
            if call.serverCommand != nil { isThere = true }
            try body(call)
        } other: { (record: borrowing OtherRecord) throws(Failure) in
            if record.kind == RecordKind.decision { isThere = true }
        }
    }
}

extension LogCompaction {
    /// Writes the server's side of the log into the databases among the outputs. One that fails does not
    /// keep the others from theirs.
    ///
    /// - Returns: what went wrong, as an outcome without a recording; nil when nothing did.
    func writeServerHistory(from source: inout LogSource) -> RecordingOutcome? {
        guard hasServerSide else { return nil }
        var errors: [String] = []
        if let file = outputs.sqliteFile {
            do throws(SQLiteError) {
                var sink = try SQLiteServerSink(path: file)
                try feed(&sink, from: &source)
            } catch {
                errors.append(error.description)
            }
        }
        if let other {
            do throws(ToolFailure) {
                try other.writeServerHistory(of: self, from: &source)
            } catch {
                errors.append(error.message)
            }
        }
        guard !errors.isEmpty else { return nil }
        let text = "the server's events: " + errors.joined(separator: "; ")
        Console.complain("\(path): " + text)
        return RecordingOutcome(number: 0, status: .error, error: text)
    }

    /// Hands everything to a sink, in one transaction.
    func feed<Sink: ServerEventSink & ~Copyable>(
        _ sink: inout Sink, from source: inout LogSource
    ) throws(Sink.Failure) {
        var decoder = ServerEventDecoder()
        try sink.begin(logID: job.origin.logID)
        try source.forEachRecord { (call: borrowing Call) throws(Sink.Failure) in
            if let event = decoder.read(call) { try sink.receive(event) }
        } other: { (record: borrowing OtherRecord) throws(Sink.Failure) in
            if let event = decoder.read(record) { try sink.receive(event) }
        }
        try sink.end()
    }
}
