// What happens to the mission as a whole: clocks, messages, sectors, talk, the server's health.

import Mission
import Values

extension MessageSink {
    mutating func send(
        _ state: TimeState, _ number: UInt32, _ stamp: Stamp, _ texts: borrowing TextTable
    ) {
        var writer = MessageWriter("time_state")
        Self.begin(&writer, number, stamp, state.frame)
        writer.add("SystemTimeUTC", text: texts.bytes(of: state.systemTimeUTC))
        writer.add("MissionDate", text: texts.bytes(of: state.missionDate))
        writer.add("TimeMultiplier", state.timeMultiplier)
        writer.add("MissionTime", state.missionTime)
        send(writer)
    }

    mutating func send(
        _ event: GeneralEvent, _ number: UInt32, _ stamp: Stamp, _ texts: borrowing TextTable
    ) {
        var writer = MessageWriter("general_event")
        Self.begin(&writer, number, stamp, event.frame)
        writer.add("Name", text: texts.bytes(of: event.name))
        writer.add("Message", text: texts.bytes(of: event.message))
        writer.add("ExtraData", json: texts.bytes(of: event.extraData), else: "{}")
        send(writer)
    }

    mutating func send(
        _ event: SectorEvent, _ number: UInt32, _ stamp: Stamp, _ texts: borrowing TextTable
    ) {
        var writer = MessageWriter("sector_event")
        Self.begin(&writer, number, stamp, event.frame)
        writer.add("Name", text: texts.bytes(of: event.name))
        writer.add("ObjectType", text: texts.bytes(of: event.objectType))
        writer.add("UnitName", text: texts.bytes(of: event.unitName))
        writer.add("Side", text: texts.bytes(of: event.side))
        writer.add("PosX", event.position.x)
        writer.add("PosY", event.position.y)
        writer.add("PosZ", event.position.z)
        send(writer)
    }

    mutating func send(
        _ event: EndMission, _ number: UInt32, _ stamp: Stamp, _ texts: borrowing TextTable
    ) {
        var writer = MessageWriter("end_mission_event")
        Self.begin(&writer, number, stamp, event.frame)
        writer.add("Side", text: texts.bytes(of: event.side))
        writer.add("Message", text: texts.bytes(of: event.message))
        send(writer)
    }

    mutating func send(
        _ message: ChatMessage, _ number: UInt32, _ stamp: Stamp, _ texts: borrowing TextTable
    ) {
        var writer = MessageWriter("chat_event")
        writer.add("ID", number)
        writer.add("SoldierID", optional: message.sender.soldierID)
        writer.add("Time", time: stamp.time)
        writer.add("CaptureFrame", message.frame)
        writer.add("Channel", text: texts.bytes(of: message.channelName))
        writer.add("FromName", text: texts.bytes(of: message.fromName))
        writer.add("SenderName", text: texts.bytes(of: message.senderName))
        writer.add("Message", text: texts.bytes(of: message.message))
        writer.add("PlayerUID", text: texts.bytes(of: message.playerUID))
        send(writer)
    }

    mutating func send(
        _ transmission: RadioTransmission, _ number: UInt32, _ stamp: Stamp,
        _ texts: borrowing TextTable
    ) {
        var writer = MessageWriter("radio_event")
        writer.add("ID", number)
        writer.add("SoldierID", optional: transmission.sender.soldierID)
        writer.add("Time", time: stamp.time)
        writer.add("CaptureFrame", transmission.frame)
        writer.add("Radio", text: texts.bytes(of: transmission.radio))
        writer.add("RadioType", text: texts.bytes(of: transmission.radioType))
        writer.add("StartEnd", text: texts.bytes(of: transmission.startEnd))
        writer.add("Channel", transmission.channel)
        writer.add("IsAdditional", transmission.isAdditional)
        writer.add("Frequency", transmission.frequency)
        writer.add("Code", text: texts.bytes(of: transmission.code))
        send(writer)
    }

    mutating func send(_ telemetry: Telemetry, _ stamp: Stamp, _ texts: borrowing TextTable) {
        var writer = MessageWriter("telemetry")
        writer.add("Time", time: stamp.time)
        writer.add("CaptureFrame", telemetry.frame)
        writer.add("FpsAverage", telemetry.fpsAverage)
        writer.add("FpsMin", telemetry.fpsMinimum)
        writer.object("SideEntityCounts") { writer in
            let sides: [StaticString] = ["East", "West", "Independent", "Civilian"]
            for (place, side) in sides.enumerated() {
                writer.object(side) { writer in
                    Self.add("Local", telemetry.sides.element(place * 2), to: &writer)
                    Self.add("Remote", telemetry.sides.element(place * 2 + 1), to: &writer)
                }
            }
        }
        writer.object("GlobalCounts") { writer in
            let keys: [StaticString] = [
                "UnitsAlive", "UnitsDead", "Groups", "Vehicles", "WeaponHolders", "PlayersAlive",
                "PlayersDead", "PlayersConnected",
            ]
            for (place, key) in keys.enumerated() {
                writer.add(key, telemetry.global.element(place) ?? 0)
            }
        }
        writer.object("Scripts") { writer in
            let keys: [StaticString] = ["Spawn", "ExecVM", "Exec", "ExecFSM", "PFH"]
            for (place, key) in keys.enumerated() {
                writer.add(key, telemetry.scripts.element(place) ?? 0)
            }
        }
        writer.object("Weather") { writer in
            let keys: [StaticString] = [
                "Fog", "Overcast", "Rain", "Humidity", "Waves", "WindDir", "WindStr", "Gusts",
                "Lightnings", "MoonIntensity", "MoonPhase", "SunOrMoon",
            ]
            for (place, key) in keys.enumerated() {
                writer.add(key, telemetry.weather.element(place) ?? 0)
            }
        }
        writer.list("Players", telemetry.players) { writer, player in
            writer.element { writer in
                writer.add("UID", text: texts.bytes(of: player.uid))
                writer.add("Name", text: texts.bytes(of: player.name))
                writer.add("Ping", player.ping)
                writer.add("BW", player.bandwidth)
                writer.add("Desync", player.desync)
            }
        }
        send(writer)
    }

    private static func add(
        _ key: StaticString, _ counts: SideCounts?, to writer: inout MessageWriter
    ) {
        writer.object(key) { writer in
            writer.add("UnitsTotal", counts?.unitsTotal ?? 0)
            writer.add("UnitsAlive", counts?.unitsAlive ?? 0)
            writer.add("UnitsDead", counts?.unitsDead ?? 0)
            writer.add("Groups", counts?.groups ?? 0)
            writer.add("Vehicles", counts?.vehicles ?? 0)
            writer.add("WeaponHolders", counts?.weaponHolders ?? 0)
        }
    }

    /// With what most events begin.
    private static func begin(
        _ writer: inout MessageWriter, _ number: UInt32, _ stamp: Stamp, _ frame: UInt32
    ) {
        writer.add("ID", number)
        writer.add("Time", time: stamp.time)
        writer.add("CaptureFrame", frame)
    }
}

extension Array {
    /// nil when there is none.
    fileprivate func element(_ index: Int) -> Element? {
        indices.contains(index) ? self[index] : nil
    }
}
