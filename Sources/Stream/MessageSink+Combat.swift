// Shots, kills, what was placed, and medicine.

import Mission
import Values

extension MessageSink {
    mutating func send(_ shot: ProjectileFired, _ texts: borrowing TextTable) {
        var writer = MessageWriter("projectile_event")
        writer.add("CaptureFrame", shot.frame)
        writer.add("FirerObjectID", shot.firerID)
        writer.add("VehicleObjectID", optional: shot.vehicleID)
        writer.add("WeaponDisplay", text: texts.bytes(of: shot.weaponDisplay))
        writer.add("MagazineDisplay", text: texts.bytes(of: shot.magazineDisplay))
        writer.add("MuzzleDisplay", text: texts.bytes(of: shot.muzzleDisplay))
        writer.add("SimulationType", text: texts.bytes(of: shot.simulation))
        writer.add("MagazineIcon", text: texts.bytes(of: shot.magazineIcon))
        writer.list("Trajectory", shot.trajectory) { writer, point in
            writer.element { writer in
                writer.add("Position", point.position)
                writer.add("FrameNum", point.frame)
            }
        }
        writer.list("Hits", shot.hits) { writer, hit in
            writer.element { writer in
                writer.add("CaptureFrame", hit.frame)
                writer.add("Position", hit.position)
                writer.add("SoldierID", optional: hit.entity.soldierID)
                writer.add("VehicleID", optional: hit.entity.vehicleID)
                writer.list("ComponentsHit", hit.components) { writer, component in
                    writer.element(text: texts.bytes(of: component))
                }
            }
        }
        send(writer)
    }

    mutating func send(
        _ kill: Killed, _ number: UInt32, _ stamp: Stamp, _ texts: borrowing TextTable
    ) {
        var writer = MessageWriter("kill_event")
        writer.add("ID", number)
        writer.add("Time", time: stamp.time)
        writer.add("CaptureFrame", kill.frame)
        writer.add("VictimSoldierID", optional: kill.victim.soldierID)
        writer.add("VictimVehicleID", optional: kill.victim.vehicleID)
        writer.add("KillerSoldierID", optional: kill.killer.soldierID)
        writer.add("KillerVehicleID", optional: kill.killer.vehicleID)
        writer.add("WeaponVehicle", text: texts.bytes(of: kill.weaponVehicle))
        writer.add("WeaponName", text: texts.bytes(of: kill.weaponName))
        writer.add("WeaponMagazine", text: texts.bytes(of: kill.weaponMagazine))
        writer.add("EventText", text: texts.bytes(of: kill.weaponText))
        writer.add("Distance", kill.distance)
        send(writer)
    }

    mutating func send(_ created: PlacedCreated, _ stamp: Stamp, _ texts: borrowing TextTable) {
        var writer = MessageWriter("add_placed")
        writer.add("ID", created.id)
        writer.add("JoinTime", time: stamp.time)
        writer.add("JoinFrame", created.frame)
        writer.add("ClassName", text: texts.bytes(of: created.className))
        writer.add("DisplayName", text: texts.bytes(of: created.displayName))
        writer.add("Position", created.position)
        writer.add("OwnerID", created.ownerID)
        writer.add("Side", text: texts.bytes(of: created.side))
        writer.add("Weapon", text: texts.bytes(of: created.weapon))
        writer.add("MagazineIcon", text: texts.bytes(of: created.magazineIcon))
        send(writer)
    }

    mutating func send(_ event: PlacedEvent, _ texts: borrowing TextTable) {
        var writer = MessageWriter("placed_event")
        writer.add("CaptureFrame", event.frame)
        writer.add("PlacedID", event.id)
        writer.add("EventType", text: texts.bytes(of: event.type))
        writer.add("Position", event.position)
        writer.add("HitEntityID", optional: event.hitEntity.id)
        send(writer)
    }

    mutating func send(
        _ death: ACE3Death, _ number: UInt32, _ stamp: Stamp, _ texts: borrowing TextTable
    ) {
        var writer = MessageWriter("ace3_death")
        writer.add("ID", number)
        writer.add("SoldierID", death.soldierID)
        writer.add("Time", time: stamp.time)
        writer.add("CaptureFrame", death.frame)
        writer.add("Reason", text: texts.bytes(of: death.reason))
        writer.add("LastDamageSourceID", optional: death.lastDamageSource.id)
        send(writer)
    }

    mutating func send(_ change: ACE3Unconscious, _ number: UInt32, _ stamp: Stamp) {
        var writer = MessageWriter("ace3_unconscious")
        writer.add("ID", number)
        writer.add("SoldierID", change.soldierID)
        writer.add("Time", time: stamp.time)
        writer.add("CaptureFrame", change.frame)
        writer.add("IsUnconscious", change.isUnconscious)
        send(writer)
    }
}
