// The commands that the game calls us with, and the number each has in the log.
//
// Used by the plug-in (name → number, on the game thread) and by the decoder (dictionary record →
// command). The raw value is the record kind that a call of this command is kept under
// (docs/formats/log.md): numbers are never given out again, names may be added at the end of a group.

/// A command that this version knows. A call of any other name is kept as a named call.
public enum Command: UInt16, CaseIterable, Sendable {
    case sysInit = 32
    case sysVersion
    case sysTimestamp
    case sysDirArma
    case sysDirModule
    case sysDirLog
    case sysAddonVersion
    case sysLog
    case sysStats

    case storageInit = 48
    case missionStart
    case missionSave
    case missionFocusStart
    case missionFocusEnd

    case soldierCreate = 64
    case soldierState
    case soldierDelete
    case vehicleCreate
    case vehicleState
    case vehicleDelete
    case timeState

    case eventProjectile = 80
    case eventKill
    case eventGeneral
    case eventSector
    case eventEndMission
    case eventChat
    case eventRadio
    case telemetryFrame

    case markerCreate = 96
    case markerState
    case markerDelete
    case placedCreate
    case placedEvent
    case ace3Death
    case ace3Unconscious

    case icomConnect = 160
    case icomSendEvent
    case icomBroadcast
    case icomDisconnect
    case icomStatus
    case icomServers
    case icomReconnect
    case icomReady
    case icomUnready

    /// The name as the game sends it, e.g. `:SOLDIER:STATE:`.
    public var name: StaticString {
        switch self {
        case .sysInit: ":SYS:INIT:"
        case .sysVersion: ":SYS:VERSION:"
        case .sysTimestamp: ":SYS:TIMESTAMP:"
        case .sysDirArma: ":SYS:DIR:ARMA:"
        case .sysDirModule: ":SYS:DIR:MODULE:"
        case .sysDirLog: ":SYS:DIR:LOG:"
        case .sysAddonVersion: ":SYS:ADDON_VERSION:"
        case .sysLog: ":SYS:LOG:"
        case .sysStats: ":SYS:STATS:"
        case .storageInit: ":STORAGE:INIT:"
        case .missionStart: ":MISSION:START:"
        case .missionSave: ":MISSION:SAVE:"
        case .missionFocusStart: ":MISSION:FOCUS_START:"
        case .missionFocusEnd: ":MISSION:FOCUS_END:"
        case .soldierCreate: ":SOLDIER:CREATE:"
        case .soldierState: ":SOLDIER:STATE:"
        case .soldierDelete: ":SOLDIER:DELETE:"
        case .vehicleCreate: ":VEHICLE:CREATE:"
        case .vehicleState: ":VEHICLE:STATE:"
        case .vehicleDelete: ":VEHICLE:DELETE:"
        case .timeState: ":TIME:STATE:"
        case .eventProjectile: ":EVENT:PROJECTILE:"
        case .eventKill: ":EVENT:KILL:"
        case .eventGeneral: ":EVENT:GENERAL:"
        case .eventSector: ":EVENT:SECTOR:"
        case .eventEndMission: ":EVENT:ENDMISSION:"
        case .eventChat: ":EVENT:CHAT:"
        case .eventRadio: ":EVENT:RADIO:"
        case .telemetryFrame: ":TELEMETRY:FRAME:"
        case .markerCreate: ":MARKER:CREATE:"
        case .markerState: ":MARKER:STATE:"
        case .markerDelete: ":MARKER:DELETE:"
        case .placedCreate: ":PLACED:CREATE:"
        case .placedEvent: ":PLACED:EVENT:"
        case .ace3Death: ":ACE3:DEATH:"
        case .ace3Unconscious: ":ACE3:UNCONSCIOUS:"
        case .icomConnect: "icom:connect"
        case .icomSendEvent: "icom:send_event"
        case .icomBroadcast: "icom:broadcast"
        case .icomDisconnect: "icom:disconnect"
        case .icomStatus: "icom:status"
        case .icomServers: "icom:servers"
        case .icomReconnect: "icom:reconnect"
        case .icomReady: "icom:ready"
        case .icomUnready: "icom:unready"
        }
    }
}
