// The sentences of the rejects listing, for server owners: what was wrong with which argument.

import Values

extension RejectReason {
    /// A sentence without a full stop; arguments are named as the command names them.
    public func sentence(for command: Command?) -> String {
        switch self {
        case .unknownCommand: return "no command of this version has that name"
        case .tooFewArguments(let count, let needed):
            return "\(count) argument(s) came, \(needed) are needed"
        case .argument(let index, let problem):
            return argument(index, command) + " " + problem.sentence.string
        case .implausibleFrame(let frame, let highest):
            return "frame \(frame) is too far ahead of frame \(highest), the highest so far"
        case .unknownEntity(let kind, let id):
            return "no CREATE of this recording explains \(kind.noun.string) \(id)"
        case .early(let kind, let id):
            return "it came before the CREATE of \(kind.noun.string) \(id)"
        case .unknownMarker: return "no marker of this recording has that name"
        case .createNeverUsable: return "the CREATE it waited for could not be used"
        case .tooManyWaiting: return "too many calls already wait for a CREATE"
        case .missionObject(let error): return error.sentence
        case .noRecording: return "no recording was open"
        case .afterSave: return "it came after the save and before the next recording"
        case .nothingToSave: return "there was no recording to save"
        case .beforeStart: return "it came before the recording began"
        case .focus(let problem): return problem.sentence.string
        case .noPlaceForID(let id, let taken):
            return "id \(id) has no place behind the \(taken) ids of the joined parts before it"
        case .hitOfUnknown(let id):
            return "a hit was left out: no CREATE of this recording explains id \(id)"
        case .element(let index, let element):
            return "element \(element) of " + argument(index, command)
                + " was left out, it is not usable"
        case .replaced(let index):
            return argument(index, command) + " is not usable, a default stands for it"
        }
    }

    private func argument(_ index: Int, _ command: Command?) -> String {
        guard let name = command?.argumentName(index) else { return "argument \(index)" }
        return "argument \(index) (" + name.string + ")"
    }
}

extension RejectReason.FocusProblem {
    var sentence: StaticName {
        switch self {
        case .frameZero: "a focus range can't begin before the recording"
        case .alreadyOpen: "a focus range is open already"
        case .beforePreviousEnd: "it would begin before the end of the focus range before it"
        case .notOpen: "no focus range is open"
        case .notBehindStart: "the focus range would end before or where it begins"
        }
    }
}

extension Command {
    /// What argument `index` is called in docs/formats/commands.md.
    func argumentName(_ index: Int) -> StaticName? {
        let names: [StaticName] =
            switch self {
            case .missionStart: ["world", "mission"]
            case .missionFocusStart, .missionFocusEnd: ["frame"]
            case .soldierCreate:
                [
                    "frame", "id", "name", "group", "side", "isPlayer", "roleDescription",
                    "className", "displayName", "playerUID", "squadParams",
                ]
            case .soldierState:
                [
                    "id", "position", "bearing", "lifeState", "inVehicle", "name", "isPlayer",
                    "role", "frame", "hasStableVitals", "isDraggedCarried", "scores",
                    "vehicleRole", "vehicleId", "stance", "group", "side",
                ]
            case .soldierDelete, .vehicleDelete: ["id", "frame"]
            case .vehicleCreate:
                [
                    "frame", "id", "vehicleClass", "displayName", "className", "customization",
                    "side",
                ]
            case .vehicleState:
                [
                    "id", "position", "bearing", "alive", "crew", "frame", "fuel", "damage",
                    "engineOn", "locked", "side", "vectorDir", "vectorUp", "turretAzimuth",
                    "turretElevation",
                ]
            case .timeState:
                ["frame", "systemTimeUTC", "missionDate", "timeMultiplier", "missionTime"]
            case .eventProjectile:
                [
                    "firedFrame", "firedTime", "firerId", "vehicleId", "vehicleRole",
                    "remoteControllerId", "weapon", "weaponDisplay", "muzzle", "muzzleDisplay",
                    "magazine", "magazineDisplay", "ammo", "fireMode", "positions",
                    "initialVelocity", "hitParts", "simulation", "isSubmunition", "magazineIcon",
                ]
            case .eventKill: ["frame", "victimId", "killerId", "weapon", "distance"]
            case .eventGeneral: ["frame", "type", "message", "extra"]
            case .eventSector: ["frame", "type", "objectType", "unitName", "side", "x", "y", "z"]
            case .eventEndMission: ["frame", "side", "message"]
            case .eventChat:
                ["frame", "senderId", "channel", "from", "name", "text", "playerUID"]
            case .eventRadio:
                [
                    "frame", "senderId", "radio", "radioType", "startEnd", "channel",
                    "isAdditional", "frequency", "code",
                ]
            case .telemetryFrame:
                ["frame", "fps", "sides", "global", "scripts", "weather", "players"]
            case .markerCreate:
                [
                    "name", "direction", "type", "text", "frame", "end", "ownerId", "color",
                    "size", "side", "position", "shape", "alpha", "brush",
                ]
            case .markerState:
                [
                    "name", "frame", "position", "direction", "alpha", "text", "color", "size",
                    "type", "brush", "shape",
                ]
            case .markerDelete: ["name", "frame"]
            case .placedCreate:
                [
                    "frame", "id", "className", "displayName", "position", "ownerId", "side",
                    "weapon", "magazineIcon",
                ]
            case .placedEvent: ["frame", "id", "type", "position", "hitEntityId"]
            case .ace3Death: ["frame", "id", "reason", "lastDamageSource"]
            case .ace3Unconscious: ["frame", "id", "isUnconscious"]
            default: []
            }
        return index >= 0 && index < names.count ? names[index] : nil
    }
}
