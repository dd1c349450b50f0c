// One recording's events → one replay JSON v1 file (docs/formats/replay-json.md). Events come in the
// order of time, the file is ordered by entity: states go to the spill store, the rest is small
// enough for memory; at the end the document is written as a stream.

import Mission
import Values

/// How a replay is written.
public struct ReplayOptions: Sendable {
    /// gzip (`.json.gz`), else plain (`.json`).
    public var isCompressed = true
    /// A second thread helps with gzip. The bytes are the same without.
    public var hasHelperThread = true
    /// Memory for states and events; what is more goes to a temporary file in the output folder.
    public var memoryBytes = 64 << 20
    /// `captured` events with 5 elements, which old viewers and new ones read; with 4, as the
    /// reference writes them, old viewers refuse the whole file. nil: 5, but 4 in strict mode.
    public var isOldViewerCaptured: Bool?
    /// The log is damaged: a longer replay of the same recording, made before it was, is set aside and
    /// not replaced.
    public var keepsLonger = false
    /// The defaults.
    public init() {}
}

/// The file that a recording became.
public struct ReplayResult: Sendable {
    /// Its path, as the folder was given.
    public var path: String
    /// Size of the file.
    public var fileBytes: UInt64
    /// Size of the JSON in it.
    public var documentBytes: UInt64
    /// Bytes that went through a temporary file because memory was not enough.
    public var spilledBytes: UInt64
    /// Where a longer replay of this recording lies now, with `keepsLonger`.
    public var longerKept: String?
}

/// Writes one recording as replay JSON v1. Use: `begin`, `receive` …, `end`, then read `result`.
/// Nothing shows under the final name before `end` returns; a writer that goes away earlier leaves
/// nothing behind.
public struct ReplayWriter: ~Copyable, RecordingSink {
    /// What `begin`, `receive` and `end` throw.
    public typealias Failure = ReplayError

    /// The file, after `end`.
    public private(set) var result: ReplayResult?

    let folderPath: String
    let options: ReplayOptions
    private var header: RecordingHeader?
    private var folder: OutputFolder?
    var mode = Mode.standard

    var store: SpillStore
    var sorter: EventSorter
    /// A record on its way to a stream.
    var record = ByteBuffer()

    var times: [TimeState] = []
    var soldiers: [SoldierTrack] = []
    var soldierSlots = SlotTable()
    var vehicles: [VehicleTrack] = []
    var vehicleSlots = SlotTable()
    /// Stream of the bullets' ends, by the firer's id.
    var shotSlots = SlotTable()
    var markers: [MarkerTrack] = []
    var placed: [PlacedTrack] = []
    var placedSlots = SlotTable()
    /// Projectiles that are no bullets, in order of arrival.
    var projectileStream: Int
    /// Counts events, to keep their order.
    var arrivals: UInt64 = 0

    /// A writer for one recording. The folder is made by `begin`.
    public init(folder: String, options: ReplayOptions = ReplayOptions()) {
        folderPath = folder
        self.options = options
        store = SpillStore(folder: folder, memoryBytes: options.memoryBytes * 3 / 4)
        sorter = EventSorter(limitBytes: options.memoryBytes / 8)
        projectileStream = store.makeStream()
    }

    /// Makes the folder when it is missing, and clears it of what killed jobs left.
    public mutating func begin(_ header: RecordingHeader) throws(ReplayError) {
        folder = try OutputFolder(path: folderPath)
        self.header = header
        mode = header.mode
    }

    /// Takes one event. About 50 ns for a state; throws when the temporary file can't be written.
    public mutating func receive(
        _ event: MissionEvent, at stamp: Stamp, texts: borrowing TextTable
    ) throws(ReplayError) {
        switch event {
        case .soldierState(let state): try collect(state)
        case .vehicleState(let state): try collect(state)
        case .soldierCreated(let created): collect(created)
        case .vehicleCreated(let created): collect(created)
        case .soldierDeleted(let deleted), .vehicleDeleted(let deleted): collect(deleted)
        case .timeState(let state): times.append(state)
        case .projectile(let projectile): try collect(projectile, texts: texts)
        case .killed(let killed): try collect(killed)
        case .general(let general): try collect(general)
        case .sector(let sector): try collect(sector)
        case .endMission(let end): try collect(end)
        case .markerCreated(let created): collect(created)
        case .markerState(let state): try collect(state)
        case .markerDeleted(let deleted): collect(deleted)
        case .placedCreated(let created): collect(created)
        case .placedEvent(let event): try collect(event, texts: texts)
        // Not in the file at all.
        case .chat, .radio, .telemetry, .ace3Death, .ace3Unconscious, .focus: break
        }
    }

    /// Writes the document, makes it durable and gives it its name.
    public mutating func end(
        _ footer: RecordingFooter, texts: borrowing TextTable
    ) throws(ReplayError) {
        guard let header, let folder else { throw .notRecording }
        let file = try DocumentFile(
            folder: folder.path, compress: options.isCompressed,
            hasHelper: options.hasHelperThread)
        var document = Document(file)
        try write(header, to: &document, end: footer.end, texts: texts)
        try document.finish()
        let (path, longerKept) = try folder.publish(
            file.file, sparingLongerThan: options.keepsLonger ? file.documentBytes : .max,
            stem: ReplayName.stem(
                mission: header.mission.missionName, time: footer.last.time,
                utcOffsetSeconds: footer.utcOffsetSeconds),
            fileExtension: options.isCompressed ? ".json.gz" : ".json",
            recording: RecordingIdentity(logID: header.logID, number: header.number))
        result = ReplayResult(
            path: path, fileBytes: file.fileBytes, documentBytes: file.documentBytes,
            spilledBytes: store.spilledBytes, longerKept: longerKept)
        self.header = nil
    }

    // MARK: The document

    private mutating func write(
        _ header: RecordingHeader, to document: inout Document, end: RecordingEnd,
        texts: borrowing TextTable
    ) throws(ReplayError) {
        document.window.append(contentsOf: "{\"addonVersion\":")
        document.window.appendText(header.addonVersion)
        document.window.append(contentsOf: ",\"extensionVersion\":")
        document.window.appendText(header.extensionVersion)
        document.window.append(contentsOf: ",\"extensionBuild\":\"\",\"missionName\":")
        document.window.appendText(header.mission.missionName)
        document.window.append(contentsOf: ",\"missionAuthor\":")
        document.window.appendText(header.mission.author)
        document.window.append(contentsOf: ",\"worldName\":")
        document.window.appendText(header.world.worldName)
        document.window.append(contentsOf: ",\"endFrame\":")
        document.window.appendDecimal(Int(highestFrame) - 1)
        document.window.append(contentsOf: ",\"captureDelay\":")
        document.window.appendNumber(header.mission.captureDelay)
        document.window.append(contentsOf: ",\"tags\":")
        document.window.appendText(header.mission.tag)
        document.window.append(contentsOf: ",\"times\":[")
        try writeTimes(to: &document, texts: texts)
        document.window.append(contentsOf: "],\"entities\":[")
        try writeEntities(to: &document, texts: texts)
        document.window.append(contentsOf: "],\"events\":[")
        try writeEvents(to: &document, end: end, texts: texts)
        document.window.append(contentsOf: "],\"Markers\":[")
        try writeMarkers(to: &document, texts: texts)
        document.window.append(contentsOf: "]}\n")
    }

    private func writeTimes(
        to document: inout Document, texts: borrowing TextTable
    ) throws(ReplayError) {
        for index in times.indices {
            if index > 0 { document.window.append(UInt8(ascii: ",")) }
            let time = times[index]
            document.window.append(contentsOf: "{\"date\":")
            document.window.appendText(texts.bytes(of: time.missionDate))
            document.window.append(contentsOf: ",\"frameNum\":")
            document.window.appendDecimal(time.frame.shown(mode))
            document.window.append(contentsOf: ",\"systemTimeUTC\":")
            document.window.appendText(texts.bytes(of: time.systemTimeUTC))
            document.window.append(contentsOf: ",\"time\":")
            document.window.appendNumber(time.missionTime)
            document.window.append(contentsOf: ",\"timeMultiplier\":")
            document.window.appendNumber(time.timeMultiplier)
            document.window.append(UInt8(ascii: "}"))
            try document.passOn()
        }
    }

    // MARK: Frames

    /// The highest frame of any state, 0 without one.
    var highestFrame: UInt32 {
        var highest: UInt32 = 0
        for soldier in soldiers { highest = max(highest, soldier.states.highestFrame ?? 0) }
        for vehicle in vehicles { highest = max(highest, vehicle.states.highestFrame ?? 0) }
        return highest
    }

    /// How many elements the array of entities has.
    var entityCount: Int { max(soldierSlots.idCount, vehicleSlots.idCount) }
}
