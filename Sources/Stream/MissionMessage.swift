// start_mission: what is known of the mission and its world.

import Mission
import Values

enum MissionMessage {
    static func start(_ header: RecordingHeader) -> [UInt8] {
        var writer = MessageWriter("start_mission")
        writer.object("mission") { add(header, to: &$0) }
        writer.object("world") { add(header.world, to: &$0) }
        return writer.finish()
    }

    private static func add(_ header: RecordingHeader, to writer: inout MessageWriter) {
        let mission = header.mission
        writer.add("ID", header.number)
        writer.add("MissionName", mission.missionName)
        writer.add("BriefingName", mission.briefingName)
        writer.add("MissionNameSource", mission.missionNameSource)
        writer.add("OnLoadName", mission.onLoadName)
        writer.add("Author", mission.author)
        writer.add("ServerName", mission.serverName)
        writer.add("ServerProfile", mission.serverProfile)
        writer.add("StartTime", time: header.start.time)
        writer.add("WorldID", 1)
        writer.add("CaptureDelay", mission.captureDelay)
        writer.add("AddonVersion", header.addonVersion)
        writer.add("ExtensionVersion", header.extensionVersion)
        // Nobody fills these two, as in a replay.
        writer.add("ExtensionBuild", "")
        writer.add("OcapRecorderExtensionVersion", "")
        writer.add("Tag", mission.tag)
        // East, west, independent, civilian, logic.
        let slots = mission.playableSlots + [UInt8](repeating: 0, count: 5)
        writer.object("PlayableSlots") { writer in
            writer.add("west", slots[1])
            writer.add("east", slots[0])
            writer.add("independent", slots[2])
            writer.add("civilian", slots[3])
            writer.add("logic", slots[4])
        }
        let friendly = mission.sideFriendly + [Bool](repeating: false, count: 3)
        writer.object("SideFriendly") { writer in
            writer.add("eastWest", friendly[0])
            writer.add("eastIndependent", friendly[1])
            writer.add("westIndependent", friendly[2])
        }
        var number = 0
        writer.list("Addons", mission.addons) { writer, addon in
            number += 1
            writer.element { writer in
                writer.add("ID", number)
                writer.add("Name", addon.name)
                writer.add("WorkshopID", addon.workshopID)
            }
        }
    }

    private static func add(_ world: WorldInfo, to writer: inout MessageWriter) {
        writer.add("ID", 1)
        writer.add("Author", world.author)
        writer.add("WorkshopID", world.workshopID)
        writer.add("DisplayName", world.displayName)
        writer.add("WorldName", world.worldName)
        writer.add("WorldNameOriginal", world.worldNameOriginal)
        writer.add("WorldSize", world.worldSize)
        writer.add("Latitude", world.latitude)
        writer.add("Longitude", world.longitude)
        writer.add(
            "Location",
            Position(x: Double(world.longitude), y: Double(world.latitude), z: 0))
    }
}
