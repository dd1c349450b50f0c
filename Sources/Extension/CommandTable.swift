// The commands the plug-in answers, found by their bytes: one multiplication and at most three
// compared words on the game thread, no String.

import CPlatform
import Segments
import Values

/// What the game gets back for a command.
enum Answer: UInt8 {
    /// `["ok"]`
    case ok
    /// `["ok", "queued"]`
    case queued
    /// A reply or an effect of its own (`CallPath+Commands`).
    case own
    /// One of the hub's client (`CallPath+Icom`): plain text, own rules for its arguments.
    case icom
}

/// What an argument must look like for a command that is answered after it was checked.
enum ArgumentRule: UInt8 {
    case any
    /// A number from 0 on.
    case frame
    /// A whole number from 0 on.
    case id
    /// Any number.
    case number
    /// `0`, `1`, `true`, `false` and their kin.
    case flag
}

/// How one command is answered.
struct CommandRule {
    let command: Command
    let answer: Answer
    /// What goes first when the disk is full.
    var priority: Priority { CommandRule.priority(of: command) }
    /// Fewer arguments are answered with an error (0: never).
    var leastArguments = 0
    /// The arguments that are looked at, by position. Three are enough for all commands.
    var checks: ((Int, ArgumentRule), (Int, ArgumentRule), (Int, ArgumentRule)) = (
        (0, .any), (0, .any), (0, .any)
    )

    /// The rule of each command (docs/formats/plugin.md has them as a table). Queued commands are
    /// answered before anyone reads their arguments, as the addon expects: the decoder lists what it
    /// can't use.
    static func of(_ command: Command) -> CommandRule {
        switch command {
        case .sysInit, .sysVersion, .sysTimestamp, .sysDirArma, .sysDirModule, .sysDirLog,
            .sysAddonVersion, .sysLog, .sysStats, .storageInit, .missionStart, .missionSave:
            CommandRule(command: command, answer: .own)
        case .missionFocusStart, .missionFocusEnd:
            CommandRule(
                command: command, answer: .own, leastArguments: 1,
                checks: ((0, .id), (0, .any), (0, .any)))
        case .soldierCreate:
            CommandRule(
                command: command, answer: .ok, leastArguments: 11,
                checks: ((0, .frame), (1, .id), (5, .flag)))
        case .vehicleCreate:
            CommandRule(
                command: command, answer: .ok, leastArguments: 6,
                checks: ((0, .frame), (1, .id), (0, .any)))
        case .markerCreate:
            CommandRule(
                command: command, answer: .ok, leastArguments: 14,
                checks: ((1, .number), (4, .frame), (0, .any)))
        case .placedCreate:
            CommandRule(
                command: command, answer: .ok, leastArguments: 9,
                checks: ((0, .frame), (1, .id), (5, .id)))
        case .soldierState, .soldierDelete, .vehicleState, .vehicleDelete, .timeState,
            .eventProjectile, .eventKill, .eventGeneral, .eventSector, .eventEndMission, .eventChat,
            .eventRadio, .telemetryFrame, .markerState, .markerDelete, .placedEvent, .ace3Death,
            .ace3Unconscious:
            CommandRule(command: command, answer: .queued)
        case .icomConnect, .icomSendEvent, .icomBroadcast, .icomDisconnect, .icomStatus,
            .icomServers, .icomReconnect, .icomReady, .icomUnready:
            CommandRule(command: command, answer: .icom)
        }
    }
}

/// All commands, by name. Made once when the plug-in is loaded, read by the game thread, never freed.
///
/// Invariant: `slots` points at `slotCount` initialised slots, more than half of them empty.
@safe
struct CommandTable {
    /// The rules, in no order that matters.
    private let rules: UnsafeMutablePointer<CommandRule>
    private let slots: UnsafeMutablePointer<Slot>
    private static let slotCount = 128
    /// Names of 8 to 24 bytes are three overlapping words; all commands have such names.
    static let shortestName = 8
    static let longestName = 24

    private struct Slot {
        var first: UInt64 = 0
        var middle: UInt64 = 0
        var last: UInt64 = 0
        /// Length of the name, 0 when the slot is empty.
        var length = 0
        var rule = 0
    }

    init() {
        let commands = Command.allCases
        unsafe rules = .allocate(capacity: commands.count)
        unsafe slots = .allocate(capacity: Self.slotCount)
        unsafe slots.initialize(repeating: Slot(), count: Self.slotCount)
        for index in 0..<commands.count {
            let command = commands[index]
            unsafe (rules + index).initialize(to: CommandRule.of(command))
            insert(command.name, rule: index)
        }
    }

    private func insert(_ name: StaticString, rule: Int) {
        let length = name.utf8CodeUnitCount
        precondition(
            length >= Self.shortestName && length <= Self.longestName,
            "a command's name must be 8 to 24 bytes long")
        let words = unsafe Words(name.utf8Start, length)
        var index = words.slot(of: Self.slotCount)
        while unsafe slots[index].length != 0 { index = (index &+ 1) % Self.slotCount }
        unsafe slots[index] = Slot(
            first: words.first, middle: words.middle, last: words.last, length: length, rule: rule)
    }

    /// The rule of the command that is called so; nil when there is none. `name` holds `length` bytes.
    func find(_ name: UnsafePointer<UInt8>, _ length: Int) -> UnsafePointer<CommandRule>? {
        guard length >= Self.shortestName, length <= Self.longestName else { return nil }
        let words = unsafe Words(name, length)
        var index = words.slot(of: Self.slotCount)
        while true {
            let slot = unsafe slots + index
            let found = unsafe slot.pointee.length
            if found == 0 { return nil }
            if unsafe found == length && slot.pointee.first == words.first
                && slot.pointee.last == words.last && slot.pointee.middle == words.middle
            {
                return unsafe UnsafePointer(rules + slot.pointee.rule)
            }
            index = (index &+ 1) % Self.slotCount
        }
    }

    /// A name as words: its first 8 bytes, its last 8, and, beyond 16 bytes, the 8 in between.
    private struct Words {
        let first: UInt64
        let middle: UInt64
        let last: UInt64
        let length: Int

        init(_ name: UnsafePointer<UInt8>, _ length: Int) {
            let bytes = unsafe UnsafeRawPointer(name)
            unsafe first = bytes.loadUnaligned(as: UInt64.self)
            unsafe last = bytes.loadUnaligned(fromByteOffset: length &- 8, as: UInt64.self)
            unsafe middle =
                length > 16 ? bytes.loadUnaligned(fromByteOffset: 8, as: UInt64.self) : 0
            self.length = length
        }

        func slot(of count: Int) -> Int {
            let mixed =
                (first ^ (last &<< 7) ^ (last &>> 11) ^ middle ^ UInt64(length))
                &* 0x9E37_79B9_7F4A_7C15
            return Int(mixed &>> 40) & (count &- 1)
        }
    }
}
