// The frame around the events: what a recording is, how it began and ended, and what a sink is.

import Values

/// Correct playback, or the reference's output for comparison (docs/ocap-compatibility.md).
public enum Mode: Sendable {
    /// Correct playback, nothing lost that can be kept.
    case standard
    /// What the reference extension would have made of the same calls.
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

/// What a log knows of itself that its recordings carry on.
public struct RecordingOrigin: Sendable {
    /// 16 bytes.
    public var logID: [UInt8]
    /// Version of the plug-in that wrote the log.
    public var extensionVersion: String
    /// Seconds to add to UTC for the server's local time.
    public var utcOffsetSeconds: Int32

    /// What a log knows of itself.
    public init(logID: [UInt8], extensionVersion: String, utcOffsetSeconds: Int32) {
        self.logID = logID
        self.extensionVersion = extensionVersion
        self.utcOffsetSeconds = utcOffsetSeconds
    }
}

/// What is known of a recording before its first event.
public struct RecordingHeader: Sendable {
    /// 16 bytes; with `number` the identity of the recording.
    public var logID: [UInt8]
    /// 1, 2, 3 …: the accepted `:MISSION:START:` calls of the log.
    public var number: Int
    /// Of the `:MISSION:START:` call. Events that came before it (a player connected while the
    /// mission was still being set up) have earlier stamps.
    public var start: Stamp
    /// The terrain.
    public var world: WorldInfo
    /// The mission.
    public var mission: MissionInfo
    /// From `:SYS:ADDON_VERSION:`, else `unknown`.
    public var addonVersion: String
    /// Version of the plug-in that wrote the log.
    public var extensionVersion: String
    /// How the events are decoded.
    public var mode: Mode

    /// A header; for sinks' tests.
    public init(
        logID: [UInt8], number: Int, start: Stamp, world: WorldInfo, mission: MissionInfo,
        addonVersion: String, extensionVersion: String, mode: Mode
    ) {
        self.logID = logID
        self.number = number
        self.start = start
        self.world = world
        self.mission = mission
        self.addonVersion = addonVersion
        self.extensionVersion = extensionVersion
        self.mode = mode
    }
}

/// What is known only after the last event.
public struct RecordingFooter: Equatable, Sendable {
    /// How it ended.
    public var end: RecordingEnd
    /// Of the save, else of the last call that belongs to the recording.
    public var last: Stamp
    /// Seconds to add to UTC for the server's local time at `last`.
    public var utcOffsetSeconds: Int32
    /// Calls that belong to the recording: from the start to the save, whatever their command.
    public var callCount: UInt64
    /// Calls of it that could not be used (listed by `Rejects`).
    public var rejectedCount: UInt64

    /// A footer; for sinks' tests.
    public init(
        end: RecordingEnd, last: Stamp, utcOffsetSeconds: Int32, callCount: UInt64,
        rejectedCount: UInt64
    ) {
        self.end = end
        self.last = last
        self.utcOffsetSeconds = utcOffsetSeconds
        self.callCount = callCount
        self.rejectedCount = rejectedCount
    }
}

/// A consumer of one recording: `begin`, any number of `receive`, `end`, on one thread.
public protocol RecordingSink: ~Copyable {
    /// What can go wrong in it; `Never` for one in memory.
    associatedtype Failure: Error

    /// The recording begins.
    mutating func begin(_ header: RecordingHeader) throws(Failure)

    /// The next event. `texts` holds its texts; a transient one (`Text.isTransient`) is valid only
    /// until this returns.
    mutating func receive(
        _ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable
    ) throws(Failure)

    /// The recording is complete.
    mutating func end(_ footer: RecordingFooter, texts: borrowing TextTable) throws(Failure)
}
