// Why a call can't be used, and the list of those calls: no loss of the decoder is silent either.

import Values

/// The kinds of things that carry an id.
public enum EntityKind: Equatable, Sendable {
    /// Created by `:SOLDIER:CREATE:`.
    case soldier
    /// Created by `:VEHICLE:CREATE:`.
    case vehicle
    /// Created by `:PLACED:CREATE:`.
    case placed

    var noun: StaticName {
        switch self {
        case .soldier: "soldier"
        case .vehicle: "vehicle"
        case .placed: "placed object"
        }
    }
}

/// What is wrong with one argument.
public enum ArgumentProblem: Equatable, Sendable {
    /// It is no number.
    case notANumber
    /// It is NaN or infinite where that can't be mended.
    case notFinite
    /// It is below 0.
    case negative
    /// It has a fraction where only whole numbers make sense.
    case notWhole
    /// It is larger than what the field can hold.
    case tooLarge
    /// It is neither true nor false.
    case notABoolean
    /// It is no position: two or three numbers with commas between.
    case notAPosition
    /// It is no array as the game prints them.
    case notAnArray
    /// It is no line of two or more points.
    case notALine
    /// It is no JSON of the wanted kind.
    case notJSON

    var sentence: StaticName {
        switch self {
        case .notANumber: "is no number"
        case .notFinite: "is not a finite number"
        case .negative: "is negative"
        case .notWhole: "has a fraction"
        case .tooLarge: "is too large"
        case .notABoolean: "is neither true nor false"
        case .notAPosition: "is no position"
        case .notAnArray: "is no array"
        case .notALine: "is no line of two or more points"
        case .notJSON: "is no usable JSON"
        }
    }
}

/// Why a call can't be used, or (`isPartial`) not all of it.
public enum RejectReason: Error, Equatable, Sendable {
    /// No command of this version has that name.
    case unknownCommand
    /// Fewer arguments than the command needs.
    case tooFewArguments(count: Int, needed: Int)
    /// An argument is not what it must be.
    case argument(index: Int, ArgumentProblem)
    /// A frame number so far ahead of the recording that filling up to it would only do harm.
    case implausibleFrame(frame: UInt32, highest: UInt32)
    /// No CREATE of the recording explains the id.
    case unknownEntity(EntityKind, id: UInt16)
    /// The entity's CREATE comes later (strict mode only, else the call waits for it).
    case early(EntityKind, id: UInt16)
    /// No marker has that name.
    case unknownMarker
    /// The call waited for a CREATE that could not be used in the end.
    case createNeverUsable
    /// More calls wait for a CREATE than are kept.
    case tooManyWaiting
    /// The mission objects of a `:MISSION:START:`.
    case missionObject(MissionObjectError)
    /// No recording was open when the call came.
    case noRecording
    /// The call belongs to a recording that was saved before.
    case afterSave
    /// A save without a recording.
    case nothingToSave
    /// Strict mode: the call came before the recording began.
    case beforeStart
    /// A focus command at a place where it has no meaning.
    case focus(FocusProblem)
    /// In a joined recording, the earlier parts have left no place for the id.
    case noPlaceForID(id: UInt16, taken: UInt32)
    /// A hit names an entity that the recording doesn't know; the shot is kept without it.
    case hitOfUnknown(id: UInt16)
    /// An element of a list is not usable; the rest is kept.
    case element(argument: Int, index: Int)
    /// An argument was not usable; a default stands for it.
    case replaced(argument: Int)

    /// What is wrong with a focus command.
    public enum FocusProblem: Equatable, Sendable {
        /// Frame 0 is before the recording.
        case frameZero
        /// A range is open already.
        case alreadyOpen
        /// It would begin before the end of the range before it.
        case beforePreviousEnd
        /// No range is open.
        case notOpen
        /// The end does not lie behind the start.
        case notBehindStart
    }

    /// The call was used, something of it was not.
    public var isPartial: Bool {
        switch self {
        case .hitOfUnknown, .element, .replaced: true
        default: false
        }
    }
}

/// A call that could not be used, or not completely.
public struct Reject: Equatable, Sendable {
    /// Sequence number of its record.
    public var sequence: UInt64
    /// The command; nil when the name is unknown.
    public var command: Command?
    /// The command's name as the game passed it.
    public var name: [UInt8]
    /// Why.
    public var reason: RejectReason

    /// A sentence without the command's name and without a full stop.
    public var sentence: String { reason.sentence(for: command) }
}

/// Counts all rejected calls, lists the first of them.
public struct Rejects: Sendable {
    /// How many are listed at most; further ones are only counted.
    public let listLimit: Int
    /// Calls that could not be used.
    public private(set) var count: UInt64 = 0
    /// Calls' parts that could not be used, while the calls were.
    public private(set) var partialCount: UInt64 = 0
    /// In the order in which they were noticed: nearly that of the log (a call that waited for a
    /// CREATE in vain comes last).
    public private(set) var list: [Reject] = []
    private var partialListed = 0

    /// An empty list. The two kinds (whole calls, parts) have `listLimit` places each.
    public init(listLimit: Int = 10_000) {
        self.listLimit = listLimit
    }

    /// How many were counted but not listed.
    public var unlistedCount: UInt64 { count + partialCount - UInt64(list.count) }

    mutating func add(
        _ reason: RejectReason, sequence: UInt64, command: Command?, name: Span<UInt8>
    ) {
        if reason.isPartial {
            partialCount += 1
            if partialListed >= listLimit { return }
            partialListed += 1
        } else {
            count += 1
            if list.count - partialListed >= listLimit { return }
        }
        var text: [UInt8] = []
        if let command {
            text.append(contentsOf: command.name)
        } else {
            UTF8Text.appendRepaired(name, to: &text)
        }
        list.append(Reject(sequence: sequence, command: command, name: text, reason: reason))
    }

    /// Adds what another list counted.
    mutating func add(_ other: Rejects) {
        count += other.count
        partialCount += other.partialCount
        for reject in other.list {
            let isPartial = reject.reason.isPartial
            let listed = isPartial ? partialListed : list.count - partialListed
            if listed >= listLimit { continue }
            if isPartial { partialListed += 1 }
            list.append(reject)
        }
    }
}
