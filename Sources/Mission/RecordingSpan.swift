// Where a recording lies in its log, and what is known of it before its events are decoded.

import Values

/// One recording of a log: the calls from a `:MISSION:START:` to its save.
public struct RecordingSpan: Sendable {
    /// 1, 2, 3 …: the accepted `:MISSION:START:` calls of the log.
    public let number: Int
    /// Of the `:MISSION:START:` call.
    public let start: Stamp
    /// The terrain.
    public let world: WorldInfo
    /// The mission.
    public let mission: MissionInfo
    /// From `:SYS:ADDON_VERSION:`, else `unknown`.
    public let addonVersion: String
    /// Of the save, else of the last call that belongs to the recording.
    public internal(set) var last: Stamp
    /// How it ended.
    public internal(set) var end: RecordingEnd
    /// How many calls lie between start and last, those two counted.
    public internal(set) var callCount: UInt64

    /// The calls that came before the start and belong to the recording all the same.
    var prelude: Prelude?
    /// The ids and marker names it creates.
    var created = CreatedThings()

    /// Sequence number of the `:MISSION:START:` call.
    public var startSequence: UInt64 { start.sequence }

    /// Sequence numbers from the start to the last call.
    public var calls: ClosedRange<UInt64> {
        start.sequence...max(start.sequence, last.sequence)
    }
}

/// Calls between two recordings that belong to the later one: while a mission is being set up,
/// players already connect.
struct Prelude: Sendable {
    /// Where they lie.
    var calls: ClosedRange<UInt64>
    /// Only those with frame 0: the save before it set the addon's frame counter back, so any other
    /// frame means the recording that was saved.
    var frameZeroOnly: Bool
}

extension Command {
    /// Does it say something of a mission (and not of the plug-in or of a recording's begin and end)?
    var isData: Bool {
        switch self {
        case .sysInit, .sysVersion, .sysTimestamp, .sysDirArma, .sysDirModule, .sysDirLog,
            .sysAddonVersion, .sysLog, .sysStats, .storageInit, .missionStart, .missionSave,
            .icomConnect, .icomSendEvent, .icomBroadcast, .icomDisconnect, .icomStatus,
            .icomServers, .icomReconnect, .icomReady, .icomUnready:
            false
        default: true
        }
    }

    /// Which argument is the frame.
    var frameArgument: Int? {
        switch self {
        case .soldierState: 8
        case .vehicleState: 5
        case .soldierDelete, .vehicleDelete, .markerState, .markerDelete: 1
        case .markerCreate: 4
        default: isData ? 0 : nil
        }
    }
}
