// Name → command, for the plug-in's game thread: no table to set up, no allocation, one look at the
// length and then a few comparisons, most of which differ within the first bytes.

extension Command {
    /// The command of this name, if this version knows it. Names are compared byte for byte.
    public static func named(_ bytes: Span<UInt8>) -> Command? {
        func one(_ command: Command) -> Command? {
            bytes.elementsEqual(command.name) ? command : nil
        }
        switch bytes.count {
        case 9: return one(.sysLog)
        case 10: return one(.sysInit) ?? one(.icomReady)
        case 11: return one(.sysStats) ?? one(.icomStatus)
        case 12:
            return one(.eventKill) ?? one(.timeState) ?? one(.eventChat) ?? one(.ace3Death)
                ?? one(.icomConnect) ?? one(.icomServers) ?? one(.icomUnready)
        case 13: return one(.eventRadio) ?? one(.sysVersion) ?? one(.sysDirLog)
        case 14:
            return one(.markerState) ?? one(.placedEvent) ?? one(.eventSector) ?? one(.missionSave)
                ?? one(.storageInit) ?? one(.sysDirArma) ?? one(.icomBroadcast)
                ?? one(.icomReconnect)
        case 15:
            return one(.soldierState) ?? one(.vehicleState) ?? one(.eventGeneral)
                ?? one(.markerCreate) ?? one(.markerDelete) ?? one(.placedCreate)
                ?? one(.missionStart) ?? one(.sysTimestamp) ?? one(.icomSendEvent)
                ?? one(.icomDisconnect)
        case 16:
            return one(.soldierCreate) ?? one(.soldierDelete) ?? one(.vehicleCreate)
                ?? one(.vehicleDelete) ?? one(.sysDirModule)
        case 17: return one(.telemetryFrame)
        case 18: return one(.eventProjectile) ?? one(.ace3Unconscious) ?? one(.eventEndMission)
        case 19: return one(.sysAddonVersion) ?? one(.missionFocusEnd)
        case 21: return one(.missionFocusStart)
        default: return nil
        }
    }
}
