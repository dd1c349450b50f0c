// The frame around the events: what a recording is, how it began and ended, and what a sink is.

import Values

/// Correct playback, or the reference's output for comparison (docs/ocap-compatibility.md).
public enum Mode: Sendable {
    case standard
    case strict
}

/// How a recording ended.
public enum RecordingEnd: Equatable, Sendable {
    /// `:MISSION:SAVE:`
    case saved
    /// Another mission began, or the storage was opened anew, without a save.
    case replaced
    /// The log ends without a save: the server went down (or still runs).
    case logEnded
}

/// What is known of a recording before its first event.
public struct RecordingHeader: Sendable {
    /// 16 bytes; with `number` the identity of the recording.
    public var logID: [UInt8]
    /// 1, 2, 3 …: the accepted `:MISSION:START:` calls of the log.
    public var number: Int
    /// Of the `:MISSION:START:` call.
    public var start: Stamp
    public var world: WorldInfo
    public var mission: MissionInfo
    /// From `:SYS:ADDON_VERSION:`, else `unknown`.
    public var addonVersion: String
    /// Version of the plug-in that wrote the log.
    public var extensionVersion: String
    public var mode: Mode
}

/// What is known only after the last event.
public struct RecordingFooter: Sendable {
    public var end: RecordingEnd
    /// Of the save, else of the last call that belongs to the recording.
    public var last: Stamp
    /// Seconds to add to UTC for the server's local time at `last`.
    public var utcOffsetSeconds: Int32
    /// Calls that belong to the recording.
    public var callCount: UInt64
    /// Calls of it that could not be used (listed by `Rejects`).
    public var rejectedCount: UInt64
}

/// A consumer of one recording: `begin`, any number of `receive`, `end`, on one thread.
public protocol RecordingSink: ~Copyable {
    associatedtype Failure: Error
    mutating func begin(_ header: RecordingHeader) throws(Failure)
    mutating func receive(
        _ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable
    ) throws(Failure)
    mutating func end(_ footer: RecordingFooter, texts: borrowing TextTable) throws(Failure)
}
